# SPDX-License-Identifier: BSD-2-Clause
"""
TAPSRING with sizes out of range or no power of two, unknown flags, a spin that is too long or without polling,
reserved fields that are not zero: EINVAL. A bad eventfd: EBADF or EINVAL. A bad pointer: EFAULT. A second
ring: EBUSY. Polling by the kernel without CAP_NET_ADMIN: EPERM. More memory than RLIMIT_MEMLOCK: ENOBUFS, and
what is charged is given back. None of it leaves a ring behind. With a ring, read, write and batches are EBUSY.
"""
# netns: init
import errno
import os
import resource

import abi
import frame
import link
import proc
import ring
import tap
from check import equal, raises

OK = {"out_size": ring.SIZE, "in_size": ring.SIZE}
BAD = [{"out_size": size} for size in (0, 1, 4096, 32 << 10, (64 << 10) + 1, 96 << 10, 128 << 20, 1 << 31)]
BAD += [{"in_size": size} for size in (0, 4096, (64 << 10) - 1, 3 << 16, 128 << 20)]
BAD += [{"flags": flags} for flags in (8, 1 << 31, 0xffffffff)]
BAD += [{"reserved": reserved} for reserved in ((1, 0, 0), (0, 1, 0), (0, 0, 1))]
BAD += [{"spin": 1}, {"spin": 1000001, "flags": ring.POLL}, {"eventfd": -2}]


def no_polling(path):
    """As an ordinary user, in a process of its own."""
    with tap.Tap(path=path) as unit:
        raises(errno.EPERM, ring.setup, unit, flags=ring.POLL)
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (300 << 10, 300 << 10))
        raises(errno.ENOBUFS, ring.setup, unit, 256 << 10, 256 << 10)
        ring.setup(unit, 128 << 10, 128 << 10)
    with tap.Tap(path=path) as unit:
        ring.setup(unit, 128 << 10, 128 << 10)  # what the first was charged has been given back


with tap.Tap() as unit:
    for change in BAD:
        raises(errno.EINVAL, ring.setup, unit, **{**OK, **change})
    raises(errno.EBADF, ring.setup, unit, eventfd=1000)
    with open("/dev/null", "rb") as null:
        raises(errno.EINVAL, ring.setup, unit, eventfd=null.fileno())
    raises(errno.EFAULT, proc.raw_ioctl, unit.fd, abi.TAPSRING, 8)
    raises(errno.EINVAL, unit.ioctl, abi.TAPDOORBELL)
    link.up("tap0")
    link.sysctl("net/ipv6/conf/tap0/disable_ipv6", 1)
    unit.drain()
    unit.write(frame.random(60))

    ring.setup(unit)
    raises(errno.EBUSY, ring.setup, unit)
    raises(errno.EBUSY, unit.read)
    raises(errno.EBUSY, unit.write, frame.random(60))
    for command in (abi.TAPSENDBATCH, abi.TAPRECVBATCH):
        raises(errno.EBUSY, unit.ioctl, command, bytearray(16))

with link.Sysctl("net/link/tap/user_open", 1):
    path = tap.make_node(0, "/run/tap-node", 0o666)
    try:
        with proc.Child(no_polling, path, uid=proc.USER) as child:
            child.result()
    finally:
        os.unlink(path)
link.ip("link", "del", "dev", "tap0")
equal(link.exists("tap0"), False, "tap0 is there")
