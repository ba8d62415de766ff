# SPDX-License-Identifier: BSD-2-Clause
"""
A read with too little room gives the front of the frame and loses the rest, which tx_truncated counts; the
next read gives the next frame. A frame that fits exactly is not counted. readv(2) spreads a frame.
"""
import os

import frame
import link
import packet
import tap
from check import equal

link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    before = link.counters("tap0")
    first, second, third, fourth = (frame.random(length) for length in (1000, 200, 100, 300))
    packet.send("tap0", first, second, third, fourth)
    equal(unit.read(60), first[:60], "a read of 60 bytes")
    equal(unit.read(1), second[:1], "a read of 1 byte")
    equal(unit.read(100), third, "a read with the room it takes")
    parts = [bytearray(14), bytearray(1), bytearray(500)]
    equal(os.readv(unit.fd, parts), 300, "what readv returns")
    equal(b"".join(parts)[:300], fourth, "what readv reads")
    counted = link.counted("tap0", before)
    equal(counted, {"tx_packets": 4, "tx_bytes": 1600, "tx_truncated": 2}, "what was counted")
