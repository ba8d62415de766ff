# SPDX-License-Identifier: BSD-2-Clause
"""
TCP segments of one flow that arrive in the inbound ring together reach the stack as few large packets (GRO),
with nothing added or lost; with GRO switched off, as they were.
"""
import os
import struct

import frame
import link
import packet
import ring
import tap
from check import equal, true

TCP, ACK = 6, 0x10
COUNT, SIZE = 30, 1448


def segment(sequence, payload, mac):
    """A TCP segment as Ethernet frame."""
    head = struct.pack("!HHIIBBHHH", 1000, 2000, sequence, 1, 5 << 4, ACK, 1000, 0, 0)
    source, target = "10.0.0.2", "10.0.0.1"
    pseudo = frame.packed(source) + frame.packed(target) + struct.pack("!BBH", 0, TCP, len(head) + len(payload))
    total = frame.checksum(pseudo + head + payload)
    head = head[:16] + struct.pack("!H", total) + head[18:]
    ip = bytearray(frame.ipv4(head + payload, source, target, TCP))
    ip[6:8], ip[10:12] = b"\x40\0", b"\0\0"     # do not fragment: such are merged whatever their number
    ip[10:12] = struct.pack("!H", frame.checksum(bytes(ip[:20])))
    return frame.ethernet(bytes(ip), mac, protocol=frame.IPV4)


def payloads(frames):
    """What the TCP segments carry, together."""
    return b"".join(f[54:] for f in frames if f[23] == TCP)


link.quiet()
with tap.Tap() as unit:
    r = ring.Ring(unit, in_size=256 << 10)
    link.up("tap0", "10.0.0.1/24")
    mac = link.mac("tap0")
    data = [os.urandom(SIZE) for _ in range(COUNT)]
    frames = [segment(1 + i * SIZE, one, mac) for i, one in enumerate(data)]
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
