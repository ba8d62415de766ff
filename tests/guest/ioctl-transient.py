# SPDX-License-Identifier: BSD-2-Clause
"""
A unit made by opening its node, or by ip(8), stays when it is closed; after TAPSTRANSIENT 1 it goes with its
last descriptor, and the clone's stays after TAPSTRANSIENT 0, which takes CAP_NET_ADMIN. TAPGTRANSIENT and sysfs
show which it is; opening a unit that stays does not change it.
"""
import errno
import struct

import link
import proc
import tap
from check import equal, raises
from ioctls import CALLERS


def transient(call, unit):
    """TAPGTRANSIENT and sysfs agree on this."""
    value = struct.unpack("i", call(unit, "TAPGTRANSIENT", b"\xaa" * 4))[0]
    equal(link.attribute(unit.ifname(), "if_tap/transient"), str(value), "what sysfs says")
    return value


def set_transient(call, unit, value):
    """TAPSTRANSIENT"""
    call(unit, "TAPSTRANSIENT", struct.pack("i", value))


for call in CALLERS:
    for kind in ("tap", "vmnet"):
        with tap.Tap(kind=kind) as unit:
            equal(transient(call, unit), 0, "a unit made by opening")
        equal(link.names(), [f"{kind}0"], "the interfaces after close")
        with tap.Tap(kind=kind) as unit:
            equal(transient(call, unit), 0, "a unit opened again")
            set_transient(call, unit, 1)
            equal(transient(call, unit), 1, "a unit made transient")
        equal(link.names(), [], "the interfaces after a transient unit is closed")
    link.ip("link", "add", "tap0", "type", "if_tap")
    with tap.Tap() as unit:
        equal(transient(call, unit), 0, "a unit made by ip(8)")
        for value, reads in ((-5, 1), (0, 0), (256, 1), (0, 0)):
            set_transient(call, unit, value)
            equal(transient(call, unit), reads, f"a unit after TAPSTRANSIENT {value}")
    link.ip("link", "del", "dev", "tap0")

    with tap.Tap(path="/dev/tap") as unit:
        equal(transient(call, unit), 1, "a clone")

        def deprived():
            """Hold the descriptor, but not the capability."""
            proc.drop_capability(proc.CAP_NET_ADMIN)
            raises(errno.EPERM, set_transient, call, unit, 0)
            equal(transient(call, unit), 1, "a clone after EPERM")
            set_transient(call, unit, 1)

        proc.in_child(deprived)
        set_transient(call, unit, 0)
    equal(link.names(), ["tap0"], "the interfaces after a clone that stays is closed")
    link.ip("link", "del", "dev", "tap0")
