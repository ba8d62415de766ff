# SPDX-License-Identifier: BSD-2-Clause
"""
Once the unit is destroyed every ioctl of the module gives EHOSTDOWN, with a good or a bad argument, while those
of the system (FIONBIO, FIOASYNC, F_SETFL) work on and an unknown one is ENOTTY still.
"""
import errno
import fcntl
import os

import link
import tap
from check import equal, raises
from ioctls import CALLERS, COMMANDS

for call in CALLERS:
    unit = tap.Tap()
    link.ip("link", "del", "dev", "tap0")
    for name, (size, _) in COMMANDS.items():
        raises(errno.EHOSTDOWN, call, unit, name, bytes(size))
        raises(errno.EHOSTDOWN, call, unit, name, 1)
    raises(errno.ENOTTY, call, unit, "0x5601", b"")
    call(unit, "FIONBIO", b"\1\0\0\0")
    equal(fcntl.fcntl(unit.fd, fcntl.F_GETFL) & os.O_NONBLOCK, os.O_NONBLOCK, "O_NONBLOCK after FIONBIO")
    raises(errno.EHOSTDOWN, unit.read)
    call(unit, "FIOASYNC", b"\1\0\0\0")
    call(unit, "FIOASYNC", b"\0\0\0\0")
    raises(errno.EFAULT, call, unit, "FIONBIO", 1)
    unit.close()
