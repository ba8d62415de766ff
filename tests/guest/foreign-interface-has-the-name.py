# SPDX-License-Identifier: BSD-2-Clause
"""
When an interface of another kind is called tap0 or vmnet0, opening that unit is EEXIST and makes nothing, and so
is `ip link add`; the foreign interface is not touched. Once it is gone or renamed, opening works.
"""
import errno

import link
import tap
from check import equal, raises

for kind in ("tap", "vmnet"):
    name = f"{kind}0"
    link.ip("link", "add", name, "type", "dummy")
    before = link.state(name)
    raises(errno.EEXIST, tap.Tap, kind=kind)
    link.ip_fails("link", "add", name, "type", "if_tap")
    equal(link.names(), [name], "the interfaces")
    equal(link.state(name), before, "the foreign interface")
    link.ip("link", "set", "dev", name, "name", "foreign0")
    with tap.Tap(kind=kind) as unit:
        equal(unit.ifname(), name, "the name of the unit")
    link.ip("link", "del", "dev", "foreign0")
    link.ip("link", "del", "dev", name)
    with tap.Tap(kind=kind) as unit:
        equal(unit.ifname(), name, "the name of the unit made again")
    link.ip("link", "del", "dev", name)
