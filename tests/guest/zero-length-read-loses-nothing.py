# SPDX-License-Identifier: BSD-2-Clause
"""
read() of no bytes returns 0 at once, whether a frame waits or not, and leaves it there; so does readv() without
buffers. The frames are read whole afterwards and only then counted.
"""
import os

import frame
import link
import packet
import proc
import tap
from check import equal

link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    before = link.counters("tap0")
    equal(proc.Thread(os.read, unit.fd, 0).result(10), b"", "a read of nothing from an empty queue")
    packet.send("tap0", frame.numbered(1), frame.numbered(2))
    for _ in range(3):
        equal(unit.read(0), b"", "a read of nothing")
    equal(os.readv(unit.fd, []), 0, "a readv without buffers")
    equal(unit.waiting(), 64, "the length of the first frame")
    equal([unit.receive(), unit.receive()], [frame.numbered(1), frame.numbered(2)], "the frames")
    equal(link.counted("tap0", before), {"tx_packets": 2, "tx_bytes": 128}, "what was counted")
