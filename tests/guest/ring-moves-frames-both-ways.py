# SPDX-License-Identifier: BSD-2-Clause
"""
Frames of many lengths go through the ring both ways unchanged and in order, often enough for both rings to go
round several times, so that records run over the end of the data. No byte of it is moved by read or write.
"""
import random

import frame
import link
import packet
import ring
import tap
from check import equal, true

link.quiet()
with tap.Tap() as unit:
    r = ring.Ring(unit)
    link.up("tap0")
    before = link.counters("tap0")
    lengths = [14, 15, 60, 1514, 16384] + [random.randrange(14, 1515) for _ in range(395)]
    link.ip("link", "set", "dev", "tap0", "mtu", 16370)
    sent = [frame.random(length) for length in lengths]
    with packet.Outlet("tap0") as outlet, packet.Capture("tap0") as capture:
        for one in sent:
            outlet.send(one)
            equal(r.take(), [one], "what came out of the stack")
        for i in range(0, len(sent), 10):
            r.send(*sent[i:i + 10])
            for one in sent[i:i + 10]:
                equal(capture.receive(), one, "what went into the stack")
    true(r.produced_by_kernel() > 2 * r.out_size and r.produced > 2 * r.in_size, "both rings went round twice")
    total = sum(lengths)
    counted = link.counted("tap0", before)
    equal(counted.pop("ring_doorbells"), 40, "doorbells")
    equal(counted, {"tx_packets": 400, "tx_bytes": total, "rx_packets": 400, "rx_bytes": total}, "the counters")
