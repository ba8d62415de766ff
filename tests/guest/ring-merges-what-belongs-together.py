# SPDX-License-Identifier: BSD-2-Clause
"""
TCP segments of one flow that arrive in the inbound ring together reach the stack as few large packets (GRO),
with nothing added or lost; with GRO switched off, as they were.
"""
import os

import frame
import link
import packet
import ring
import tap
from check import equal, true

TCP = 6
COUNT, SIZE = 30, 1448


def payloads(frames):
    """What the TCP segments carry, together."""
    return b"".join(f[54:] for f in frames if f[23] == TCP)


link.quiet()
with tap.Tap() as unit:
    r = ring.Ring(unit, in_size=256 << 10)
    link.up("tap0", "10.0.0.1/24")
    mac = link.mac("tap0")
    data = [os.urandom(SIZE) for _ in range(COUNT)]
    frames = [frame.tcp_segment(n, one, mac) for n, one in enumerate(data)]
    for gro in ("on", "off"):
        link.run("ethtool", "-K", "tap0", "gro", gro)
        with packet.Capture("tap0") as capture:
            r.send(*frames, frame.numbered(9))
            got = []
            while payloads(got) != b"".join(data):
                got.append(capture.receive())
                true(len(payloads(got)) <= COUNT * SIZE, "nothing is added")
        segments = [f for f in got if f[23] == TCP and f[12:14] == b"\x08\x00"]
        print(f"gro {gro}: {len(segments)} packets for {COUNT} segments")
        if gro == "on":
            true(len(segments) <= COUNT // 5, "segments were merged")
        else:
            equal(len(segments), COUNT, "packets")
        r.take()
