# SPDX-License-Identifier: BSD-2-Clause
"""
An argument that cannot be read or written is EFAULT for every ioctl that has one, from 64-bit and 32-bit
programs alike, and changes nothing.
"""
import errno

import abi
import link
import proc
import tap
from check import equal, raises
from ioctls import CALLERS, COMMANDS, native



def snapshot(unit):
    """All that an ioctl could change."""
    values = {name: native(unit, name, bytes(size)) for name, (size, way) in COMMANDS.items() if way == "out"}
    return values, link.state("tap0")["flags"], link.state("tap0")["mtu"]


with tap.Tap() as unit:
    before = snapshot(unit)
    for call in CALLERS:
        for name, (_, way) in COMMANDS.items():
            if way == "none":
                continue
            for address in (0, 1, 0xfffff000):
                raises(errno.EFAULT, call, unit, name, address)
    for name, (_, way) in COMMANDS.items():
        if way != "none":
            for address in (2**63 + 4096, 2**64 - 4096, 0x7fffffffffff):
                raises(errno.EFAULT, proc.raw_ioctl, unit.fd, getattr(abi, name), address)
    equal(snapshot(unit), before, "what can be read after the errors")
