# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl destroy takes an interface away, and the node that create or mknod(1) made for it, even under another
name and while it is open; nodes the module made stay, and so does what is not the unit's node.
"""
import errno
import os
import pathlib

import link
import tap
from check import equal, raises, true
from programs import TAPCTL

link.run(TAPCTL, "create", "tap51")
with tap.Tap(51) as unit:
    equal(link.run(TAPCTL, "destroy", "tap51"),
          f"tap51: destroyed, it was open by pid {os.getpid()} ({pathlib.Path('/proc/self/comm').read_text().strip()})\n"
          "/dev/tap51: removed\n", "what destroy says")
    true(not link.exists("tap51"), "the interface has gone")
    true(not os.path.exists("/dev/tap51"), "the node has gone")
    raises(errno.EHOSTDOWN, unit.write, bytes(60))

link.ip("link", "add", "tap1", "type", "if_tap")
equal(link.run(TAPCTL, "destroy", "tap1"), "tap1: destroyed\n/dev/tap1: left, the module made it\n", "what destroy says")
true(not link.exists("tap1"), "tap1 has gone")
true(os.path.exists("/dev/tap1"), "the module's node is left")

link.run(TAPCTL, "create", "vmnet52")
link.ip("link", "set", "dev", "vmnet52", "name", "renamed")
equal(link.run(TAPCTL, "destroy", "renamed"), "renamed: destroyed\n/dev/vmnet52: removed\n", "what destroy says")

link.ip("link", "add", "tap53", "type", "if_tap")
equal(link.run(TAPCTL, "destroy", "tap53"), "tap53: destroyed\n", "what destroy says without a node")
link.ip("link", "add", "tap53", "type", "if_tap")
os.symlink("/dev/null", "/dev/tap53")
try:
    equal(link.run(TAPCTL, "destroy", "tap53"), "tap53: destroyed\n", "what destroy says with a foreign node")
    true(os.path.islink("/dev/tap53"), "the foreign node is left")
finally:
    os.unlink("/dev/tap53")
equal(link.names(), [], "the interfaces left")
