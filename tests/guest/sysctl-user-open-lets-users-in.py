# SPDX-License-Identifier: BSD-2-Clause
# netns: init
"""
With net.link.tap.user_open=1 a user whom the node's mode lets may open units, also such as do not exist, in the
first network namespace; not in another, and not a unit whose interface is in another. Without it, EPERM.
"""
import errno
import os

import abi
import link
import proc
import tap
from check import equal, raises

os.chmod(".", 0o755)
NUMBER = 177
numbered, clone = tap.make_node(NUMBER, mode=0o666), tap.make_node(abi.MINOR_CLONE, mode=0o666)
name = f"tap{NUMBER}"


def user():
    """Open and use it."""
    with tap.Tap(path=numbered) as unit:
        equal(unit.ifname(), name, "the name of the unit")
        raises(errno.EPERM, unit.set, abi.TAPSIFINFO, 0, 1400, abi.IFT_ETHER, 0, form="ihBB")
        unit.ioctl(abi.VMIO_SIOCSIFFLAGS, 0)
        equal(link.is_up(name), True, "whether the user can bring it up")
    with tap.Tap(path=clone) as unit:
        return unit.ifname()


def refused(path=numbered):
    """EPERM, for users."""
    proc.in_child(lambda: raises(errno.EPERM, tap.Tap, path=path), uid=proc.USER)


def elsewhere():
    """The same user in another namespace that is the host's."""
    proc.unshare(proc.CLONE_NEWNET)
    proc.become(proc.USER)
    raises(errno.EPERM, tap.Tap, path=numbered)
    raises(errno.EPERM, tap.Tap, path=clone)


refused()
equal(link.exists(name), False, "whether a refused open makes an interface")
with link.Sysctl("net/link/tap/user_open", 1):
    cloned = proc.in_child(user, uid=proc.USER)
    try:
        equal(link.exists(cloned), False, "whether the clone is there after its close")
        equal(link.is_up(name), False, "whether the unit is up after its close")
        proc.in_child(elsewhere)
        away = proc.Netns()
        link.ip("link", "set", "dev", name, "netns", away.path())
        refused()
        with away:
            link.ip("link", "set", "dev", name, "netns", "/proc/1/ns/net")
        away.close()
        proc.in_child(user, uid=proc.USER)
        link.sysctl("net/link/tap/user_open", 0)
        refused()
    finally:
        link.ip("link", "del", "dev", name)
