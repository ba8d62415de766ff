# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl create makes an interface and, where there is none, its node, and says so; the node opens the unit. A
name of another form makes a unit without a number and no node.
"""
import os
import stat

import link
import tap
from check import equal, true
from programs import TAPCTL


def created(*words):
    """What create says, without the address, which is random."""
    lines = link.run(TAPCTL, "create", *words).splitlines()
    return [lines[0].split(", address")[0], *lines[1:]]


major = tap.major()
os.umask(0o777)
equal(created("tap31"), ["tap31: created, tap unit 31",
                         f"/dev/tap31: made, character device {major}:31, mode 0600"], "what create says")
os.umask(0o022)
status = os.stat("/dev/tap31")
true(stat.S_ISCHR(status.st_mode), "the node is a character device")
equal(status.st_rdev, os.makedev(major, 31), "the node's number")
equal(stat.S_IMODE(status.st_mode), 0o600, "the node's mode")
with tap.Tap(path="/dev/tap31") as unit:
    equal(unit.ifname(), "tap31", "the interface of the node")

equal(created("vmnet1"), ["vmnet1: created, vmnet unit 1", "/dev/vmnet1: was there already"], "what create says of vmnet1")
equal(created("cable", "kind", "vmnet"), ["cable: created, vmnet without a number"], "what create says of cable")
equal(link.attribute("cable", "if_tap/kind"), "vmnet", "the kind of cable")
true(not os.path.exists("/dev/cable"), "cable has no node")

# A node that is there, made by hand, stays as it is.
tap.make_node(32, "/dev/tap32", 0o666)
equal(created("tap32"), ["tap32: created, tap unit 32", "/dev/tap32: was there already"], "what create says of tap32")
equal(stat.S_IMODE(os.stat("/dev/tap32").st_mode), 0o666, "the mode of a node that was there")
os.unlink("/dev/tap31")
os.unlink("/dev/tap32")
