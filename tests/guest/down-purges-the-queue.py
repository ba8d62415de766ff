# SPDX-License-Identifier: BSD-2-Clause
"""
`ip link set down` loses the frames that wait, counted as tx_purged; poll is no longer readable. A reader that
sleeps over a down and up, several of them, gets the first frame sent after that.
"""
import frame
import link
import packet
import proc
import tap
from check import equal, true, wait_for

link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    packet.send("tap0", *(frame.numbered(n) for n in range(10)))
    true(unit.poll(), "a frame waits")
    link.down("tap0")
    equal(unit.poll(), 0, "poll after down")
    equal(link.counters("tap0")["tx_purged"], 10, "tx_purged")
    equal(link.statistics("tap0")["tx.dropped"], 10, "the interface's drops")

    reader = proc.Thread(unit.read)
    wait_for(lambda: reader.tid and proc.sleeps_in(reader.tid, "read"), "the reader sleeps")
    for _ in range(3):
        link.up("tap0")
        link.down("tap0")
        true(proc.sleeps_in(reader.tid, "read"), "the reader sleeps on")
    link.up("tap0")
    packet.send("tap0", frame.numbered(77))
    equal(reader.result(), frame.numbered(77), "what the reader gets")
    equal(link.counters("tap0")["tx_purged"], 10, "tx_purged at the end")
