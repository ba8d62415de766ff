# SPDX-License-Identifier: BSD-2-Clause
"""
A tap's addresses go when the last to close it is an ordinary user, a container's root, a process that exits
without closing, or one that is killed while it sleeps in read().
"""
import os

import link
import proc
import tap
from check import equal, wait_for


def take():
    """Open it and give it addresses."""
    unit = tap.Tap()
    link.sysctl("net/ipv6/conf/tap0/keep_addr_on_down", 1)
    link.ip("address", "add", "10.1.0.1/24", "dev", "tap0")
    link.ip("address", "add", "fd77::1/64", "dev", "tap0", "nodad")
    link.up("tap0")
    wait_for(lambda: len(link.addresses("tap0")) == 3, "two addresses and a link-local one")
    return unit


def gone(who):
    """Nothing is left."""
    equal(link.addresses("tap0"), [], f"the addresses after {who} closed")
    equal(link.routes("tap0"), [], f"the routes after {who} closed")
    equal(link.is_up("tap0"), False, f"whether it is up after {who} closed")


def ordinary_user():
    """Gives its privilege up before it closes."""
    unit = take()
    proc.become(proc.USER)
    unit.close()


def container_root():
    """Moves into namespaces of its own before it closes."""
    unit = take()
    proc.become_container_root()
    unit.close()


def user_that_exits():
    """Exits with the descriptor open."""
    take()
    proc.become(proc.USER)


def user_that_is_killed():
    """Is killed in read()."""
    unit = take()
    proc.become(proc.USER)
    while True:
        unit.read()


for closer in (ordinary_user, container_root, user_that_exits):
    proc.in_child(closer)
    gone(closer.__name__)
with proc.Child(user_that_is_killed) as child:
    wait_for(lambda: link.exists("tap0") and link.addresses("tap0"), "the addresses are set")
    wait_for(lambda: proc.sleeps_in(child.pid, "read", child.pid), "the child sleeps in read")
    child.kill()
gone("user_that_is_killed")
equal(os.listdir("/sys/class/net/tap0/if_tap") != [], True, "whether the unit is still there")
