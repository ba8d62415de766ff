# SPDX-License-Identifier: BSD-2-Clause
# optional: needs userfaultfd(2)
# timeout: 240
"""
While a call waits for the memory its argument is in, which a program can make take as long as it likes
(userfaultfd(2)), the rest of the machine's networking goes on: interfaces are made and deleted, other units opened
and closed. So for reading, writing, batches and each ioctl of both faces that has memory to read or write.
"""
import ctypes
import errno
import fcntl
import mmap
import os
import platform
import select
import struct

import abi
import frame
import link
import netlink
import offload
import packet
import proc
import tap
import tun
import tunabi
from check import Failure, equal, skip, true

SYS_USERFAULTFD = {"x86_64": 323}[platform.machine()]
UFFDIO_API, UFFDIO_REGISTER, UFFDIO_ZEROPAGE = 0xc018aa3f, 0xc020aa00, 0xc020aa04
API, MISSING = 0xaa, 1
BSD = ["TAPSIFINFO", "TAPGIFINFO", "TAPGIFNAME", "TAPSRING", "TAPSENDBATCH", "TAPRECVBATCH", "TAPSVNETHDR",
       "TAPSOFFLOAD", "TAPSTRANSIENT", "TAPQUEUE", "SIOCSIFADDR", "SIOCGIFFLAGS", "FIOSETOWN"]
LINUX = [tunabi.TUNSETIFF, tunabi.TUNGETIFF, tunabi.TUNGETFILTER, tunabi.TUNGETSNDBUF, tunabi.TUNSETSNDBUF,
         tunabi.TUNSETQUEUE, tunabi.TUNSETTXFILTER, tunabi.TUNATTACHFILTER, tunabi.TUNSETSTEERINGEBPF,
         tunabi.SIOCGIFHWADDR, tunabi.SIOCSIFHWADDR]


class SlowPage:
    """A page of memory that is there only when arrive() was called. Until then who touches it waits."""

    def __init__(self):
        self.page = mmap.mmap(-1, mmap.PAGESIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self.address = ctypes.addressof(ctypes.c_char.from_buffer(self.page))
        try:
            self.fd = proc.call(proc.libc.syscall, SYS_USERFAULTFD, os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as e:
            if e.errno != errno.ENOSYS:
                raise
            skip("this kernel has no userfaultfd(2)")
        fcntl.ioctl(self.fd, UFFDIO_API, struct.pack("QQQ", API, 0, 0))
        fcntl.ioctl(self.fd, UFFDIO_REGISTER, struct.pack("QQQQ", self.address, mmap.PAGESIZE, MISSING, 0))

    def touched(self, seconds=20):
        """Wait until somebody waits for it."""
        if not select.select([self.fd], [], [], seconds)[0]:
            raise Failure(f"nobody has touched the page after {seconds} s")
        os.read(self.fd, 32)

    def arrive(self):
        """It is there now, all zero."""
        fcntl.ioctl(self.fd, UFFDIO_ZEROPAGE, struct.pack("QQQq", self.address, mmap.PAGESIZE, 0, 0))
        os.close(self.fd)


def others():
    """What else goes on."""
    netlink.add("tap9")
    netlink.delete("tap9")
    tap.Tap(8).close()
    with tun.Tun("tap7"):
        pass
    return link.names()


def outcome(call, *args):
    """What a call does is no matter here, only when."""
    try:
        return call(*args)
    except OSError as e:
        return e


def during(what, call, *args):
    """While call(*args, the address of a slow page, ...) waits, the others do not."""
    page = SlowPage()
    caller = proc.Thread(outcome, call, *[page.address if word is SlowPage else word for word in args])
    page.touched()
    try:
        names = proc.Thread(others).result(30)
    except Failure as e:
        raise Failure(f"{what}: {e}") from e
    finally:
        page.arrive()
    caller.result()
    true("tap0" in names, f"{what}: tap0 is still there")


def batch(unit, command, base):
    """A batch of one frame whose memory is at @base."""
    one = offload.Batch(count=1)
    one.table[0].base, one.table[0].size = base, 60
    return one.call(unit, command)


link.quiet()
with tap.Tap(8):
    pass        # it stays, and opening it is quick
with tap.Tap() as unit:
    link.up("tap0")
    for name in BSD:
        during(name, proc.raw_ioctl, unit.fd, getattr(abi, name), SlowPage)
    during("write()", proc.raw_write, unit.fd, SlowPage, 60)
    during("TAPSENDBATCH's frame", batch, unit, abi.TAPSENDBATCH, SlowPage)
    packet.send("tap0", frame.numbered(1), frame.numbered(2))
    during("read()", proc.raw_read, unit.fd, SlowPage, 60)
    during("TAPRECVBATCH's frame", batch, unit, abi.TAPRECVBATCH, SlowPage)
    equal(unit.drain(), [], "what is left to read")
link.ip("link", "del", "dev", "tap0")

with tap.Tap(path=tun.NODE) as empty:
    with tun.Tun("tap0"):
        during("TUNSETIFF", proc.raw_ioctl, empty.fd, tunabi.TUNSETIFF, SlowPage)
        during("TUNSETIFINDEX", proc.raw_ioctl, empty.fd, tunabi.TUNSETIFINDEX, SlowPage)
with tun.Tun("tap0") as unit:
    link.up("tap0")
    for number in LINUX:
        during(f"{number:#x}", proc.raw_ioctl, unit.fd, number, SlowPage)
    during("write() by the Linux face", proc.raw_write, unit.fd, SlowPage, 60)
    packet.send("tap0", frame.numbered(3))
    during("read() by the Linux face", proc.raw_read, unit.fd, SlowPage, 60)
