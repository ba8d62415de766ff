# SPDX-License-Identifier: BSD-2-Clause
"""
FIOSETOWN names the process that gets SIGIO, or, negative, the process group; TIOCSPGRP takes the same with the
sign turned round. FIOGETOWN, TIOCGPGRP and fcntl's F_GETOWN_EX agree on it. A process that does not exist is ESRCH
and changes nothing; nobody is 0, as at the next open.
"""
import errno
import fcntl
import os
import struct

import proc
import tap
from check import equal, raises
from ioctls import CALLERS


F_GETOWN_EX, F_OWNER_PGRP = 16, 2


def owner(call, unit):
    """FIOGETOWN; the others agree."""
    value, turned = (struct.unpack("i", call(unit, name, b"\xaa" * 4))[0] for name in ("FIOGETOWN", "TIOCGPGRP"))
    equal(turned, -value, "TIOCGPGRP")
    kind, pid = struct.unpack("ii", fcntl.fcntl(unit.fd, F_GETOWN_EX, bytes(8)))
    equal(-pid if kind == F_OWNER_PGRP else pid, value, "F_GETOWN_EX")
    return value


def set_owner(call, unit, name, value):
    """FIOSETOWN or TIOCSPGRP"""
    call(unit, name, struct.pack("i", value))


for call in CALLERS:
    unit = tap.Tap()
    equal(owner(call, unit), 0, "the owner at open")
    me, group, parent = os.getpid(), os.getpgrp(), os.getppid()
    gate = proc.Gate()
    with proc.Child(gate.wait) as child:
        for name, value, expected in (("FIOSETOWN", me, me), ("FIOSETOWN", child.pid, child.pid),
                                      ("FIOSETOWN", -group, -group), ("TIOCSPGRP", group, -group),
                                      ("TIOCSPGRP", -me, me), ("FIOSETOWN", 0, 0), ("FIOSETOWN", child.pid, child.pid)):
            set_owner(call, unit, name, value)
            equal(owner(call, unit), expected, f"the owner after {name} {value}")
        for name in ("FIOSETOWN", "TIOCSPGRP"):
            for value in (2**31 - 1, -2**31 + 1):
                raises(errno.ESRCH, set_owner, call, unit, name, value)
            raises(errno.EINVAL, set_owner, call, unit, name, -2**31)
        equal(owner(call, unit), child.pid, "the owner after failures")
        gate.open()
        child.result()
    equal(owner(call, unit), 0, "the owner once it has exited")
    fcntl.fcntl(unit.fd, fcntl.F_SETOWN, me)
    equal(owner(call, unit), me, "the owner after F_SETOWN")
    unit.close()
    with tap.Tap() as unit:
        equal(owner(call, unit), 0, "the owner at the next open")
