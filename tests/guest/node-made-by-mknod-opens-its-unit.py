# SPDX-License-Identifier: BSD-2-Clause
"""
Any node with the module's major number will do, whatever its name or place: the minor number says which unit
it is, up to 65535 for taps and 255 for vmnets. Two nodes of one minor are one unit.
"""
import errno

import abi
import link
import tap
from check import equal, raises

UNITS = {"a": ("tap", 0), "b": ("tap", 9), "c": ("tap", 256), "d": ("tap", 65535),
         "e": ("vmnet", 0), "f": ("vmnet", 200), "g": ("vmnet", 255)}
for name, (kind, number) in UNITS.items():
    with tap.Tap(path=tap.make_node(tap.minor(kind, number), name)) as unit:
        equal(unit.ifname(), f"{kind}{number}", "the name of the interface")
        raises(errno.EBUSY, tap.Tap, path=tap.make_node(tap.minor(kind, number), name + name))
equal(link.names(), sorted(f"{kind}{number}" for kind, number in UNITS.values()), "the interfaces")
with tap.Tap(path=tap.make_node(abi.MINOR_CLONE, "clone")) as unit:
    equal(unit.ifname(), "tap1", "the name of the clone's interface")
