# SPDX-License-Identifier: BSD-2-Clause
"""
Without CAP_NET_ADMIN list and show work, and what changes something says which capability it needs and
changes nothing, down to the node in /dev.
"""
# timeout: 180
import os

import link
import proc
from check import equal, true
from programs import TAPCTL


def refused(*words):
    """Fail unless tapctl fails for want of privilege; what it says."""
    done = link.run(TAPCTL, *words, check=False)
    equal((done.returncode, done.stdout), (1, ""), f"exit status and output of {words}")
    return done.stderr


def without_capability():
    """As root, but for the one capability."""
    proc.call(proc.libc.prctl, 24, proc.CAP_NET_ADMIN, 0, 0, 0)     # PR_CAPBSET_DROP
    for words in (("create", "tap71"), ("destroy", "tap1"), ("set", "tap1", "mtu", "1400"),
                  ("set", "tap1", "transient", "yes"), ("send", "tap1", "/dev/null")):
        # send comes to the file first
        if words[0] != "send":
            true("CAP_NET_ADMIN" in refused(*words), f"{words} says what it needs")
    true(not os.path.exists("/dev/tap71"), "the node that was made first is gone again")


def ordinary_user():
    """Somebody."""
    true(link.run(TAPCTL, "list").startswith("NAME"), "list works")
    true("Not open" in link.run(TAPCTL, "show", "tap1"), "show works")
    link.run(TAPCTL, "monitor", "tap1", "interval", "0.01", "count", "1")
    for words in (("create", "tap71"), ("destroy", "tap1"), ("set", "tap1", "mtu", "1400")):
        true("run it as root" in refused(*words), f"{words} says what to do")
    true("CAP_NET_RAW" in refused("dump", "tap1"), "dump says what it needs")
    true("run it as root" in refused("set", "tap1", "debug", "1"), "set debug says what to do")


link.ip("link", "add", "tap1", "up", "type", "if_tap")
before = link.ip("-d", "link", "show")
proc.in_child(without_capability)
proc.in_child(ordinary_user, uid=proc.USER)
equal(link.ip("-d", "link", "show"), before, "the interfaces")
