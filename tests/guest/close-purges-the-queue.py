# SPDX-License-Identifier: BSD-2-Clause
"""
Frames that wait in a tap when it is closed are lost and counted as tx_purged and as the interface's drops: the
next opener sees none of them. Frames sent to a tap that nobody has open are no longer queued either.
"""
import frame
import link
import packet
import tap
from check import equal

link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    packet.send("tap0", *(frame.numbered(n) for n in range(25)))
    equal(unit.read(), frame.numbered(0), "the first frame")
counters = link.counters("tap0")
equal((counters["tx_packets"], counters["tx_purged"]), (1, 24), "frames delivered and purged")
equal(link.statistics("tap0")["tx.dropped"], 24, "the interface's drops")
with tap.Tap() as unit:
    equal(unit.poll(), 0, "poll of the next opener")
    equal(unit.waiting(), 0, "FIONREAD of the next opener")
    link.up("tap0")
    packet.send("tap0", frame.numbered(99))
    equal(unit.drain(), [frame.numbered(99)], "what the next opener reads")
