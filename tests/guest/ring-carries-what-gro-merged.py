# SPDX-License-Identifier: BSD-2-Clause
"""
TCP segments that come in by a unit's ring and go out by another's, through a bridge: a program that has asked for
offloads gets few frames with all their bytes in order, also where GRO made one of more segments than a frame has
pages and chained the others to it.
"""
import abi
import frame
import link
import ring
import tap
from check import equal, true, wait_for
from offload import ALL

COUNT, SIZE = 30, 1448
PAGES = 17          # that a frame of Linux has
HEADERS = 54
link.quiet()

with tap.Tap(0) as one, tap.Tap(1) as two:
    link.bridge("br0", "tap0", "tap1")
    two.set(abi.TAPSOFFLOAD, ALL, form="I")
    source = ring.Ring(one, in_size=256 << 10)
    target = ring.Ring(two, out_size=256 << 10)
    segments = [frame.tcp_segment(n, bytes([n]) * SIZE, bytes.fromhex("020000000009")) for n in range(COUNT)]
    source.send(*segments)
    wanted = b"".join(segment[HEADERS:] for segment in segments)
    got = []

    def all_there():
        """Have their bytes come?"""
        got.extend(f for f in target.take() if f[12:14] == segments[0][12:14])
        return sum(len(f) - HEADERS for f in got) >= len(wanted)

    wait_for(all_there, "the segments come through")
    equal(b"".join(f[HEADERS:] for f in got), wanted, "what comes through")
    true(max(len(f) for f in got) > HEADERS + (PAGES + 1) * SIZE, f"one is a chain: {[len(f) for f in got]}")
