# SPDX-License-Identifier: BSD-2-Clause
"""
Each open of /dev/tap is a new unit with the lowest number that neither a unit, open or closed, nor a foreign
interface has; TAPGIFNAME tells its name. It goes with its last descriptor, and its number is free again.
"""
import errno
import os

import link
import tap
from check import equal, raises


def clone():
    """Open the clone device."""
    return tap.Tap(path="/dev/tap")


link.ip("link", "add", "tap1", "type", "dummy")
link.ip("link", "add", "tap3", "type", "if_tap")
tap.Tap(4).close()
units = [clone() for _ in range(4)]
equal([unit.ifname() for unit in units], ["tap0", "tap2", "tap5", "tap6"], "the names of four clones")
equal(link.names(), [f"tap{n}" for n in range(7)], "the interfaces")
raises(errno.EBUSY, tap.Tap, 2)
raises(errno.EEXIST, tap.Tap, 1)
units[1].close()
equal(link.names(), ["tap0", "tap1", "tap3", "tap4", "tap5", "tap6"], "the interfaces after closing one")
with clone() as unit:
    equal(unit.ifname(), "tap2", "the name of the next clone")
    link.up("tap2", "10.1.0.1/24")
    duplicate = os.dup(unit.fd)
equal(link.exists("tap2"), True, "whether it is there while a duplicate is open")
os.close(duplicate)
equal(link.exists("tap2"), False, "whether it is there after the duplicate is closed")

link.ip("link", "set", "dev", "tap0", "name", "renamed")    # its number is taken still
with clone() as unit:
    equal(unit.ifname(), "tap2", "the name of a clone after the first was renamed")
link.ip("link", "del", "dev", "tap1")
with clone() as unit:
    equal(unit.ifname(), "tap1", "the name of a clone after the foreign interface went")
for unit in units:
    unit.close()
equal(link.names(), ["tap3", "tap4"], "the interfaces at the end")
