# SPDX-License-Identifier: BSD-2-Clause
"""
A record that is whole but holds no acceptable frame is dropped, under the counter of its cause, and the ring
goes on: frames too short or too long, reserved fields that are not zero, offload headers that do not fit.
"""
import abi
import frame
import link
import packet
import ring
import tap
from check import equal

GOOD = frame.random(60)
NEEDS_CSUM = 1
CASES = [
    ("rx_short", b"", (0, 0, 0, 0, bytes(12), 0)),
    ("rx_short", bytes(13), (13, 0, 0, 0, bytes(12), 0)),
    ("rx_long", bytes(abi.FRAME_MAX + 1), (abi.FRAME_MAX + 1, 0, 0, 0, bytes(12), 0)),
    ("rx_bad_header", GOOD, (60, 1, 0, 0, bytes(12), 0)),
    ("rx_bad_header", GOOD, (60, 0, 1, 0, bytes(12), 0)),
    ("rx_bad_header", GOOD, (60, 0, 0, 1, bytes(12), 0)),
    ("rx_bad_header", GOOD, (60, 0, 0, 0, bytes(12), 1)),
    ("rx_bad_header", GOOD, (60, 0, 0, 0, ring.OFFLOAD.pack(0x80, 0, 0, 0, 0, 0, 0), 0)),
    ("rx_bad_header", GOOD, (60, 0, 0, 0, ring.OFFLOAD.pack(NEEDS_CSUM, 0, 0, 0, 59, 0, 0), 0)),
    ("rx_bad_header", GOOD, (60, 0, 0, 0, ring.OFFLOAD.pack(NEEDS_CSUM, 0, 0, 0, 0xffff, 0xffff, 0), 0)),
    ("rx_bad_header", GOOD, (60, 0, 0, 0, ring.OFFLOAD.pack(0, 1, 0, 0, 0, 0, 0), 0)),
    ("rx_bad_header", GOOD, (60, 0, 0, 0, ring.OFFLOAD.pack(NEEDS_CSUM, 0x7f, 0, 100, 34, 16, 0), 0)),
    ("rx_bad_header", GOOD, (60, 0, 0, 0, ring.OFFLOAD.pack(NEEDS_CSUM, 5, 0, 0, 34, 6, 0), 0)),
    ("rx_bad_header", GOOD, (60, 0, 0, 0, ring.OFFLOAD.pack(0, 5, 0, 100, 34, 6, 0), 0)),
    ("rx_bad_header", GOOD, (60, 0, 0, 0, ring.OFFLOAD.pack(NEEDS_CSUM, 5, 0, 0xffff, 34, 6, 0), 0)),
]

link.quiet()
with tap.Tap() as unit:
    r = ring.Ring(unit, in_size=256 << 10)
    link.up("tap0")
    with packet.Capture("tap0") as capture:
        for cause, body, header in CASES:
            before = link.counters("tap0")
            r.put(body, header, publish=False)
            r.send()
            counted = link.counted("tap0", before)
            counted.pop("ring_doorbells")
            equal(counted, {cause: 1}, f"what is counted for {header}")
            good = frame.random(100)
            r.send(good)
            equal(capture.receive(), good, "a good frame after it")
    equal(r.state(), 0, "the ring's state")
