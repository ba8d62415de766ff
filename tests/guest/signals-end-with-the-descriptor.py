# SPDX-License-Identifier: BSD-2-Clause
"""
Asynchronous mode and its owner belong to one opening: the next one starts without, even when the last was
closed by the owner's death, and a duplicate that lives keeps it.
"""
import fcntl
import os
import signal

import abi
import frame
import link
import packet
import proc
import tap
from check import equal, true

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGIO})
link.quiet()


def asks_and_dies():
    """Ask for signals on behalf of the parent, and exit without closing."""
    unit = tap.Tap(1, "vmnet")
    unit.set(abi.FIOSETOWN, os.getppid())
    unit.set(abi.FIOASYNC, 1)


unit = tap.Tap()
link.up("tap0")
unit.set(abi.FIOSETOWN, os.getpid())
unit.set(abi.FIOASYNC, 1)
duplicate = os.dup(unit.fd)
unit.close()
packet.send("tap0", frame.numbered(1))
true(signal.sigtimedwait({signal.SIGIO}, 20), "a signal arrives while a duplicate is open")
os.close(duplicate)
with tap.Tap() as unit:
    equal(unit.get(abi.FIOGETOWN), 0, "the owner at the next open")
    equal(fcntl.fcntl(unit.fd, fcntl.F_GETFL) & os.O_ASYNC, 0, "O_ASYNC at the next open")
    link.up("tap0")
    packet.send("tap0", frame.numbered(2))
    equal(unit.receive(), frame.numbered(2), "the frame")
    unit.set(abi.FIOSETOWN, os.getpid())    # still without FIOASYNC
    packet.send("tap0", frame.numbered(3))
    equal(signal.sigpending(), set(), "signals to the next opener")
proc.in_child(asks_and_dies)
with tap.Tap(1, "vmnet") as unit:
    link.up("vmnet1")
    packet.send("vmnet1", frame.numbered(4))
    equal(unit.receive(), frame.numbered(4), "the frame")
    equal(signal.sigpending(), set(), "signals after the death of who asked")
