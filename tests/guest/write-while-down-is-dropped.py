# SPDX-License-Identifier: BSD-2-Clause
"""
A write while the interface is down is accepted and its frame dropped, counted as rx_down and as a drop of the
interface; after `up` frames reach the stack, after `down` no more.
"""
import frame
import link
import packet
import tap
from check import equal

link.quiet()
with tap.Tap() as unit:
    for cycle in range(3):
        before = link.counters("tap0")
        dropped = link.statistics("tap0")["rx.dropped"]
        for n in range(7):
            equal(unit.write(frame.numbered(n)), 64, "what a write while down returns")
        equal(link.counted("tap0", before), {"rx_down": 7}, "what was counted while down")
        equal(link.statistics("tap0")["rx.dropped"] - dropped, 7, "the interface's drops")
        link.up("tap0")
        before = link.counters("tap0")
        with packet.Capture("tap0") as capture:
            equal(unit.write(frame.numbered(cycle)), 64, "what a write while up returns")
            equal(capture.receive(), frame.numbered(cycle), "the frame")
        equal(link.counted("tap0", before), {"rx_packets": 1, "rx_bytes": 64}, "what was counted while up")
        link.down("tap0")
