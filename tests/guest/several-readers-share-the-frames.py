# SPDX-License-Identifier: BSD-2-Clause
"""
Four threads read one descriptor while a thousand frames come: each frame goes to exactly one of them, and at
the end all of them wake, since each sleeps for a frame that is then sent.
"""
import frame
import link
import packet
import proc
import tap
from check import equal, wait_for

READERS, FRAMES = 4, 1000
STOP = frame.ethernet(b"stop")
link.quiet()
with tap.Tap() as unit, packet.Outlet("tap0") as outlet:
    link.up("tap0")

    def reader():
        """Read until told to stop."""
        seen = []
        while True:
            got = unit.read()
            if got == STOP:
                return seen
            seen.append(frame.number(got))

    readers = [proc.Thread(reader) for _ in range(READERS)]
    for thread in readers:
        wait_for(lambda t=thread: t.tid and proc.sleeps_in(t.tid, "read"), "the reader sleeps")
    for n in range(FRAMES):
        outlet.send(frame.numbered(n))
    for thread in readers:
        outlet.send(STOP)
    numbers = [n for thread in readers for n in thread.result()]
    equal(sorted(numbers), list(range(FRAMES)), "the numbers of the frames read")
    equal(link.counters("tap0")["tx_packets"], FRAMES + READERS, "tx_packets")
