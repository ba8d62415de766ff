# SPDX-License-Identifier: BSD-2-Clause
"""
The stack sends and nobody reads: as many frames wait as txqueuelen says, the oldest, however many are sent, and
every other is counted as tx_queue_full. What was sent is what was delivered, what waits and what was dropped.
txqueuelen counts at once when it is changed.
"""
import frame
import link
import packet
import proc
import tap
from check import equal, true

link.quiet()
with tap.Tap() as unit, packet.Outlet("tap0") as outlet:
    link.up("tap0")
    length = link.state("tap0")["txqlen"]

    def flood(count):
        """Send, after which so many frames have been."""
        before = link.counters("tap0")
        for n in range(count):
            outlet.send(frame.numbered(n, 1000))
        return link.counted("tap0", before)

    equal(flood(length + 500), {"tx_queue_full": 500}, "what was counted")
    free = proc.free_memory()
    equal(flood(10 * length), {"tx_queue_full": 10 * length}, "what was counted with the queue full")
    used = free - proc.free_memory()
    true(used < 5 * length * 1000, f"{10 * length * 1000} bytes more make {used} bytes be used")
    frames = unit.drain()
    equal([frame.number(f) for f in frames], list(range(length)), "the numbers of the frames kept")
    counters = link.counters("tap0")
    sent = 11 * length + 500
    equal(counters["tx_packets"] + counters["tx_queue_full"], sent, "delivered and dropped frames")
    equal(link.statistics("tap0")["tx.dropped"], sent - length, "the interface's drops")

    flood(5)
    link.ip("link", "set", "dev", "tap0", "txqueuelen", 7)
    equal(flood(5), {"tx_queue_full": 3}, "what was counted with a shorter queue")
    link.ip("link", "set", "dev", "tap0", "txqueuelen", 20)
    equal(flood(20), {"tx_queue_full": 7}, "what was counted with a longer queue")
    equal(len(unit.drain()), 20, "the frames read")
