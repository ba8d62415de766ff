# SPDX-License-Identifier: BSD-2-Clause
"""
A user without CAP_NET_ADMIN gets EPERM from a node whose mode lets him, before anything is created, whether
the unit exists or not, for numbered nodes, vmnets and the clone; from the module's own nodes he gets EACCES.
Root who gave the capability up is no better.
"""
import errno
import os

import abi
import link
import proc
import tap
from check import equal, raises

os.chmod(".", 0o755)
nodes = [tap.make_node(minor, mode=0o666) for minor in (0, 5, abi.MINOR_VMNET, abi.MINOR_VMNET + 5, abi.MINOR_CLONE)]


def user():
    """An ordinary user."""
    for path in nodes:
        for flags in (os.O_RDWR, os.O_RDONLY, os.O_WRONLY):
            raises(errno.EPERM, os.open, path, flags)
    for path in ("/dev/tap", "/dev/tap0", "/dev/tap1", "/dev/vmnet0"):
        raises(errno.EACCES, os.open, path, os.O_RDWR)


def root_without():
    """Root, less one capability."""
    proc.drop_capability(proc.CAP_NET_ADMIN)
    for path in nodes + ["/dev/tap", "/dev/tap0"]:
        raises(errno.EPERM, os.open, path, os.O_RDWR)


proc.in_child(user, uid=proc.USER)
proc.in_child(root_without)
equal(link.names(), [], "the interfaces")

for path in nodes:
    tap.Tap(path=path).close()
names = link.names()
equal(names, ["tap0", "tap5", "vmnet0", "vmnet5"], "the interfaces once root has opened")
proc.in_child(user, uid=proc.USER)
proc.in_child(root_without)
equal(link.names(), names, "the interfaces at the end")
