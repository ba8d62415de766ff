# SPDX-License-Identifier: BSD-2-Clause
"""
A packet socket sees each outgoing frame once, when it is sent: before it is read, and also those that are
dropped because the queue is full.
"""
import frame
import link
import packet
import tap
from check import equal

link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    link.ip("link", "set", "dev", "tap0", "txqueuelen", 3)
    with packet.Capture("tap0", outgoing=True) as capture:
        sent = [frame.numbered(n, 60 + n) for n in range(5)]
        packet.send("tap0", *sent)
        equal(capture.drain(), sent, "the frames captured before any is read")
        equal(link.counters("tap0")["tx_packets"], 0, "the frames read by then")
        equal(unit.drain(), sent[:3], "the frames read")
        equal(capture.drain(), [], "the frames captured when they are read")
