# SPDX-License-Identifier: BSD-2-Clause
"""
An if_tap interface whose name is not of the form tapN or vmnetN has no number: no node opens it, no clone gets
it, and it is not in the way of any. Given a name of that form later, it still has none.
"""
import errno

import link
import tap
from check import equal, raises

link.ip("link", "add", "uplink", "type", "if_tap")
equal(link.attribute("uplink", "if_tap/unit"), "", "the number of uplink")
link.ip("link", "set", "dev", "uplink", "name", "tap0")
equal(link.attribute("tap0", "if_tap/unit"), "", "the number after renaming")
raises(errno.EEXIST, tap.Tap)
with tap.Tap(path="/dev/tap") as unit:
    equal(unit.ifname(), "tap1", "the name of a clone")
link.ip("link", "set", "dev", "tap0", "name", "uplink")
with tap.Tap() as unit:
    equal(unit.ifname(), "tap0", "the name of unit 0")
    equal(link.names(), ["tap0", "uplink"], "the interfaces")
link.ip("link", "del", "dev", "uplink")
equal(link.names(), ["tap0"], "the interfaces after uplink is deleted")
