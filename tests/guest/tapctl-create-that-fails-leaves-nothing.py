# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl create that fails makes neither interface nor node, exits 1 and gives the kernel's own words: an MTU
out of range, a name in use. Another's device under the node's name is left alone.
"""
import os

import link
import tap
from check import equal, true
from programs import TAPCTL


def fails(name, *words):
    """Fail unless create fails; what it says."""
    before = link.names(), sorted(os.listdir("/dev"))
    done = link.run(TAPCTL, "create", name, *words, check=False)
    equal(done.returncode, 1, f"the exit status of create {name}")
    equal(done.stdout, "", "what it says on standard output")
    true(done.stderr.startswith(f"tapctl: {name}") and done.stderr.count("\n") == 1, f"one line about {name}: {done.stderr}")
    equal((link.names(), sorted(os.listdir("/dev"))), before, "the interfaces and nodes after failing")
    return done.stderr


true("mtu greater than device maximum" in fails("tap41", "mtu", 100_000), "the kernel's words are told")
true("mtu less than device minimum" in fails("vmnet41", "mtu", 67), "the kernel's words are told")

link.ip("link", "add", "tap42", "type", "dummy")
true("there is an interface or a unit of this name" in fails("tap42"), "a name in use is told")
link.ip("link", "add", "tap43", "type", "if_tap")
equal(f"`mknod -m 600 /dev/tap43 c {tap.major()} 43`" in fails("tap43"), True, "how to make the missing node is told")
link.ip("link", "add", "tap1", "type", "if_tap")
true("tapctl destroy" in fails("tap1"), "what to do is told")

os.mknod("/dev/tap44", 0o600 | 0o020000, os.makedev(1, 3))
try:
    true("is not this unit's device" in fails("tap44"), "a foreign node is told")
    equal(os.stat("/dev/tap44").st_rdev, os.makedev(1, 3), "the foreign node's number")
finally:
    os.unlink("/dev/tap44")
