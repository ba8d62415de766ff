# SPDX-License-Identifier: BSD-2-Clause
# netns: init
"""
TUNSETIFF: to make an interface takes CAP_NET_ADMIN over the namespace the descriptor was opened in, wherever the
caller is now. To take one that is there takes the same or being what is set of its owner and group, both if both
are; one with neither is for administrators. net.link.tap.user_open makes no difference.
"""
import errno
import fcntl
import os
import struct

import link
import proc
import tun
import tunabi
from check import equal, raises, true

OTHER, GROUP = proc.USER + 1, 2000
ABSENT, PRESENT, GROUPED = "tap240", "tap241", "tap242"
for name in (ABSENT, PRESENT, GROUPED):
    true(not link.exists(name), f"no other test left {name}")


def attempt(name, uid, gid):
    """The errno of TUNSETIFF by this user in this group, 0 for success."""
    def child():
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
        try:
            tun.Tun(name).close()
        except OSError as e:
            return e.errno
        return 0
    return proc.in_child(child)


def verdicts(name):
    """Who is let in: two users, each in a group of his own and in the one of the test."""
    users = [(uid, gid) for uid in (proc.USER, OTHER) for gid in (uid, GROUP)]
    found = {user: attempt(name, *user) for user in users}
    equal(set(found.values()) - {0, errno.EPERM}, set(), f"errors other than EPERM on {name}")
    return {user for user, number in found.items() if not number}


def persistent(name):
    """Make one that stays."""
    with tun.Tun(name) as unit:
        unit.ioctl(tunabi.TUNSETPERSIST, 1)


def container(outside):
    """Root of his own namespaces, with a descriptor that was opened before he went there."""
    proc.become_container_root()
    request = struct.pack("16sH22x", ABSENT.encode(), tunabi.IFF_TAP | tunabi.IFF_NO_PI)
    raises(errno.EPERM, fcntl.ioctl, outside, tunabi.TUNSETIFF, request)
    with tun.Tun(ABSENT):
        equal(link.names(), [ABSENT], "the container's interfaces")


try:
    persistent(PRESENT)
    for user_open in (0, 1):
        with link.Sysctl("net/link/tap/user_open", user_open):
            equal(verdicts(ABSENT), set(), "who may make one")
            equal(link.exists(ABSENT), False, "whether it is there")
            equal(verdicts(PRESENT), set(), "who may take one that has neither owner nor group")

    with tun.Tun(PRESENT) as unit:
        unit.ioctl(tunabi.TUNSETOWNER, proc.USER)
    equal(verdicts(PRESENT), {(proc.USER, proc.USER), (proc.USER, GROUP)}, "who may take what has an owner")
    with tun.Tun(PRESENT) as unit:
        unit.ioctl(tunabi.TUNSETGROUP, GROUP)
    equal(verdicts(PRESENT), {(proc.USER, GROUP)}, "who may take what has an owner and a group")
    persistent(GROUPED)
    with tun.Tun(GROUPED) as unit:
        unit.ioctl(tunabi.TUNSETGROUP, GROUP)
    equal(verdicts(GROUPED), {(proc.USER, GROUP), (OTHER, GROUP)}, "who may take what has a group")
    equal(attempt(PRESENT, 0, 0), 0, "whether root may")

    descriptor = os.open(tun.NODE, os.O_RDWR)
    proc.in_child(container, descriptor, uid=proc.USER)
    os.close(descriptor)
    equal(link.exists(ABSENT), False, "whether the container has made one here")
finally:
    for name in (PRESENT, GROUPED):
        if link.exists(name):
            link.ip("link", "del", "dev", name)
