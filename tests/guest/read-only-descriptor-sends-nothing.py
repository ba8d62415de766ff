# SPDX-License-Identifier: BSD-2-Clause
"""
A descriptor that was opened for reading only is good for reading only, on both faces: write() and TAPSENDBATCH are
EBADF, and the memory of a ring, which a program could send by, cannot be mapped. One opened for writing only cannot
read, nor map. A further queue's descriptor can no more than the one it was had by.
"""
import errno
import fcntl
import mmap
import os
import struct

import abi
import frame
import link
import offload
import packet
import ring
import tap
import tun
import tunabi
from check import equal, raises, true

link.quiet()
AREAS = [(ring.PAGE, ring.OFF_KERNEL), (ring.PAGE, ring.OFF_USER), (2 * ring.SIZE, ring.OFF_OUT),
         (2 * ring.SIZE, ring.OFF_IN)]


class Limited(tap.Tap):
    """A descriptor opened for one direction only."""

    def __init__(self, path, mode, fd=-1):
        self.fd, self.name = fd if fd >= 0 else os.open(path, mode | os.O_CLOEXEC | os.O_NONBLOCK), None


def attached(unit, name):
    """TUNSETIFF."""
    unit.ioctl(tunabi.TUNSETIFF, struct.pack("16sH22x", name.encode(), tunabi.IFF_TAP | tunabi.IFF_NO_PI))
    return unit


def maps_nothing(unit):
    """Whatever it asks for."""
    ring.setup(unit)
    for length, offset in AREAS:
        for protection in (ring.READ, ring.WRITE, ring.READ | ring.WRITE):
            try:
                mmap.mmap(unit.fd, length, mmap.MAP_SHARED, protection, offset=offset).close()
            except OSError as e:
                true(e.errno in (errno.EACCES, errno.EINVAL, errno.EPERM), f"only such errors: {e}")
            else:
                true(False, f"a mapping at {offset:#x} is refused")


def reads_only(unit, name):
    """The one."""
    link.up(name)
    packet.send(name, frame.numbered(1), frame.numbered(2))
    equal(unit.receive(), frame.numbered(1), "what is read")
    equal(offload.Batch(count=1).receive(unit, offload.DONTWAIT), [frame.numbered(2)], "what a batch receives")
    with packet.Capture(name) as capture:
        raises(errno.EBADF, unit.write, frame.numbered(3))
        raises(errno.EBADF, offload.Batch([frame.numbered(3)]).send, unit)
        maps_nothing(unit)
        equal(capture.drain(), [], "what the stack received")


def writes_only(unit, name):
    """The other."""
    link.up(name)
    packet.send(name, frame.numbered(1))
    with packet.Capture(name) as capture:
        unit.write(frame.numbered(4))
        equal(capture.receive(), frame.numbered(4), "what is written")
    raises(errno.EBADF, unit.read)
    raises(errno.EBADF, offload.Batch(count=1).receive, unit, offload.DONTWAIT)
    maps_nothing(unit)


for mode, use in ((os.O_RDONLY, reads_only), (os.O_WRONLY, writes_only)):
    with Limited("/dev/tap0", mode) as unit:
        use(unit, "tap0")
    with attached(Limited(tun.NODE, mode), "tap1") as unit:
        use(unit, "tap1")

link.ip("link", "add", "tap2", "numtxqueues", 2, "numrxqueues", 2, "type", "if_tap")
with Limited(tap.node("tap", 2), os.O_RDONLY) as unit:
    number = fcntl.ioctl(unit.fd, abi.TAPQUEUE, bytearray(struct.pack("i", 1)))
    with Limited("", 0, number) as second:
        equal(fcntl.fcntl(second.fd, fcntl.F_GETFL) & os.O_ACCMODE, os.O_RDONLY, "the mode of the further queue")
        raises(errno.EBADF, second.write, frame.numbered(5))
        raises(errno.EBADF, offload.Batch([frame.numbered(5)]).send, second)
