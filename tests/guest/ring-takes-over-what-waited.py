# SPDX-License-Identifier: BSD-2-Clause
"""
Frames that wait for a reader when TAPSRING is called are the first in the ring, in order; a reader asleep then
gets EBUSY. Records carry the time of transmission if asked for. Frames sent while the interface is down are
dropped and counted.
"""
import errno
import time

import frame
import link
import packet
import proc
import ring
import tap
from check import equal, true, wait_for


def read_fails(unit):
    """The errno of a read."""
    try:
        unit.read()
    except OSError as e:
        return e.errno
    return 0


link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    packet.send("tap0", *[frame.numbered(i) for i in range(5)])
    started = time.time_ns()
    r = ring.Ring(unit, flags=ring.TIMESTAMP)
    packet.send("tap0", frame.numbered(5))
    ended = time.time_ns()
    records = r.peek()
    equal([frame.number(one) for _, _, one in records], list(range(6)), "the frames in the ring")
    true(all(header[1] == 1 and started <= header[3] <= ended for _, header, _ in records), "times are right")

    link.down("tap0")
    before = link.counters("tap0")
    r.send(frame.random(60), frame.random(60))
    equal(link.counted("tap0", before), {"rx_down": 2, "ring_doorbells": 1}, "the counters of a down interface")
    r.unmap()

with tap.Tap() as unit:
    link.up("tap0")
    reader = proc.Thread(read_fails, unit)
    wait_for(lambda: reader.tid and proc.sleeps_in(reader.tid, "read"), "the reader sleeps")
    ring.setup(unit)
    equal(reader.result(), errno.EBUSY, "what the sleeping reader gets")
