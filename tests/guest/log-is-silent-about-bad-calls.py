# SPDX-License-Identifier: BSD-2-Clause
# netns: init
"""
A program that does everything wrong a thousand times (ioctls that are not there, bad pointers, bad frames, bad
rings, positions that lie, opens that are refused) leaves not one line in the kernel's log.
"""
import errno
import os

import abi
import proc
import ring
import tap
from check import equal, raises, wait_for

TIMES = 1000
log = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
os.chmod(".", 0o755)
node = tap.make_node(7, mode=0o666)


def lines():
    """What the kernel has said, but for the tests' runner."""
    found = []
    while True:
        try:
            record = os.read(log, 8192).decode(errors="replace")
        except BlockingIOError:
            return found
        if "if_tap" in record and "test:" not in record:
            found.append(record)


def refused():
    """As an ordinary user."""
    for _ in range(TIMES):
        raises(errno.EPERM, tap.Tap, path=node)


os.lseek(log, 0, os.SEEK_END)
with proc.Netns():
    with tap.Tap(flags=os.O_NONBLOCK) as unit:
        for n in range(TIMES):
            raises(errno.ENOTTY, unit.ioctl, abi.TAPSIFINFO + 100, 0)
            raises(errno.EFAULT, proc.raw_ioctl, unit.fd, abi.TAPSIFINFO, 8)
            raises(errno.EINVAL, unit.write, b"short")
            raises(errno.EIO, unit.write, bytes(20000))
            raises(errno.EINVAL, unit.ioctl, abi.TAPSRING, bytes(32))
            raises(errno.EFAULT, proc.raw_write, unit.fd, proc.bad_address(), 60)
    for n in range(TIMES // 20):
        with tap.Tap() as unit:
            mapped = ring.Ring(unit)
            mapped.set(ring.IN_PRODUCER, 12345)
            unit.poll()
            wait_for(lambda: mapped.state() & ring.BROKEN, "the ring is broken")
            mapped.unmap()
proc.in_child(refused, uid=proc.USER)
equal(lines(), [], "what the kernel has said")
