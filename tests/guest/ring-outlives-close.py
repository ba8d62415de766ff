# SPDX-License-Identifier: BSD-2-Clause
"""
A mapping holds the descriptor: after close(2) the ring goes on, the unit stays open to nobody else, and it is
closed, down and free when the last mapping is gone. When the unit is destroyed under a mapped ring, its state
says so, what is in it stays readable, and calls give EHOSTDOWN.
"""
import errno
import select

import abi
import frame
import link
import packet
import ring
import tap
from check import equal, raises, true, wait_for

link.quiet()
unit = tap.Tap()
r = ring.Ring(unit)
link.up("tap0")
unit.close()
packet.send("tap0", frame.numbered(1))
equal(r.take(), [frame.numbered(1)], "a frame after close()")
raises(errno.EBUSY, tap.Tap)
true(link.is_up("tap0"), "tap0 is up while a mapping is left")
r.kernel.close()
r.user.close()
r.out.close()
raises(errno.EBUSY, tap.Tap)
r.data.close()
wait_for(lambda: not link.is_up("tap0"), "tap0 goes down with the last mapping")

with tap.Tap() as unit:
    r = ring.Ring(unit)
    link.up("tap0")
    packet.send("tap0", frame.numbered(2))
    link.ip("link", "del", "dev", "tap0")
    equal(r.state(), ring.GONE, "the ring's state")
    equal(r.take(), [frame.numbered(2)], "the frame that was in it")
    true(unit.poll() & select.POLLHUP and unit.poll() & select.POLLERR, "poll() says POLLHUP and POLLERR")
    for command in (abi.TAPDOORBELL, abi.TAPSRING, abi.TAPQUEUE):
        raises(errno.EHOSTDOWN, unit.ioctl, command, bytearray(32))
    r.put(frame.numbered(3))
    r.unmap()
with tap.Tap() as unit:
    equal(link.names(), ["tap0"], "the interfaces after opening again")
