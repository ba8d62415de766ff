# SPDX-License-Identifier: BSD-2-Clause
"""
SIGIO comes when a frame does, asked for in any of three ways: O_ASYNC and F_SETOWN, FIOASYNC and FIOSETOWN,
FIOASYNC and TIOCSPGRP; to a process or a process group. A real-time signal tells descriptor and POLL_IN, or
POLL_HUP when the unit is destroyed. Switched off, nothing comes.
"""
import fcntl
import os
import signal

import abi
import frame
import link
import packet
import tap
from check import equal, true

POLL_IN, POLL_HUP = 1, 6
RT = signal.SIGRTMIN + 3
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGIO, RT})
link.quiet()
me, group = os.getpid(), os.getpgrp()


def pending():
    """Has any come? By then it has, since a frame that is sent is on its way no more when send() returns."""
    return signal.sigpending() & {signal.SIGIO, RT}


def arrives(number=signal.SIGIO):
    """Wait for it."""
    info = signal.sigtimedwait({number}, 20)
    true(info, "a signal arrives")
    return info


def by_fcntl(unit, owner):
    """POSIX's way."""
    fcntl.fcntl(unit.fd, fcntl.F_SETOWN, owner)
    fcntl.fcntl(unit.fd, fcntl.F_SETFL, os.O_ASYNC)


def by_fiosetown(unit, owner):
    """BSD's."""
    unit.set(abi.FIOSETOWN, owner)
    unit.set(abi.FIOASYNC, 1)


def by_tiocspgrp(unit, owner):
    """The oldest, its sign turned round."""
    unit.set(abi.FIOASYNC, 1)
    unit.set(abi.TIOCSPGRP, -owner)


for ask in (by_fcntl, by_fiosetown, by_tiocspgrp):
    for owner in (me, -group):
        with tap.Tap() as unit:
            link.up("tap0")
            packet.send("tap0", frame.numbered(1))
            equal(pending(), set(), "signals before they were asked for")
            ask(unit, owner)
            packet.send("tap0", frame.numbered(2))
            arrives()
            equal(len(unit.drain()), 2, "the frames")
            packet.send("tap0", frame.numbered(3))
            arrives()
            unit.set(abi.FIOASYNC, 0)
            equal(fcntl.fcntl(unit.fd, fcntl.F_GETFL) & os.O_ASYNC, 0, "O_ASYNC after FIOASYNC 0")
            packet.send("tap0", frame.numbered(4))
            equal(pending(), set(), "signals after they were switched off")

unit = tap.Tap()
link.up("tap0")
by_fcntl(unit, me)
F_SETSIG = 10
fcntl.fcntl(unit.fd, F_SETSIG, RT)
packet.send("tap0", frame.numbered(1))
info = arrives(RT)
equal((info.si_code, info.si_band & 1), (POLL_IN, 1), "code and band for a frame")
link.ip("link", "del", "dev", "tap0")
codes = []
while signal.sigpending() & {RT}:
    codes.append(arrives(RT).si_code)
equal(codes, [POLL_HUP], "the codes when the unit is destroyed")
unit.close()
