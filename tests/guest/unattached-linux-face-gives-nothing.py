# SPDX-License-Identifier: BSD-2-Clause
"""
Everybody may open /dev/net/tap, and an ordinary user gets nothing by it: before TUNSETIFF, which is EPERM, reading,
writing and every call on a unit are EBADFD, poll() is POLLERR, there is nothing to map, and no interface is made or
touched. What can be asked for without a unit says nothing of the machine.
"""
import errno
import mmap
import select
import struct

import abi
import link
import proc
import tap
import tun
import tunabi
from check import equal, raises

NEED_UNIT = [
    tunabi.TUNGETIFF, tunabi.TUNSETPERSIST, tunabi.TUNSETOWNER, tunabi.TUNSETOFFLOAD, tunabi.TUNSETTXFILTER,
    tunabi.TUNSETSNDBUF, tunabi.TUNATTACHFILTER, tunabi.TUNDETACHFILTER, tunabi.TUNSETSTEERINGEBPF,
    tunabi.TUNSETFILTEREBPF, tunabi.SIOCGIFHWADDR, tunabi.SIOCSIFHWADDR, abi.TAPSRING, abi.TAPDOORBELL,
    abi.TAPSENDBATCH, abi.TAPRECVBATCH, abi.TAPGIFNAME, abi.TAPSOFFLOAD, abi.TAPGOFFLOAD,
]
# Of the BSD face, which is not to be had by this node at all.
NEVER = [abi.TAPQUEUE, abi.TAPSDEBUG, abi.TAPGDEBUG, abi.TAPSIFINFO, abi.TAPSTRANSIENT, abi.TAPSVNETHDR]


class Unattached(tap.Tap):
    """A descriptor without a unit."""

    def queue_flags(self, flags):
        """TUNSETQUEUE."""
        self.ioctl(tunabi.TUNSETQUEUE, struct.pack("16xH22x", flags))


def set_iff(unit, name, flags):
    """TUNSETIFF."""
    unit.ioctl(tunabi.TUNSETIFF, struct.pack("16sH22x", name, flags))


def user():
    """As an ordinary user."""
    with Unattached(path=tun.NODE) as unit:
        for flags in (tunabi.IFF_TAP, tunabi.IFF_TUN, tunabi.IFF_TAP | tunabi.IFF_MULTI_QUEUE, tunabi.IFF_TAP | 0x20,
                      0):
            raises(errno.EPERM, set_iff, unit, b"", flags | tunabi.IFF_NO_PI)
            raises(errno.EPERM, set_iff, unit, b"tap5", flags | tunabi.IFF_NO_PI)
        raises(errno.EPERM, set_iff, unit, b"tap7", tunabi.IFF_TAP)     # the unit there
        raises(errno.EINVAL, set_iff, unit, b"lo", tunabi.IFF_TAP)      # no unit
        raises(errno.EINVAL, unit.queue_flags, tunabi.IFF_ATTACH_QUEUE)
        raises(errno.EINVAL, unit.queue_flags, tunabi.IFF_DETACH_QUEUE)
        raises(errno.EBADFD, unit.read)
        raises(errno.EBADFD, unit.write, bytes(60))
        equal(unit.poll(events=select.POLLIN | select.POLLOUT), select.POLLERR, "poll()")
        for offset in (0, 0x10000, 0x10000000, 0x20000000):
            raises(errno.ENODEV, mmap.mmap, unit.fd, mmap.PAGESIZE, mmap.MAP_SHARED, mmap.PROT_READ, offset=offset)
        for command in NEED_UNIT + NEVER:
            raises(errno.EBADFD, unit.ioctl, command, bytearray(40))
        raises(errno.EPERM, unit.ioctl, tunabi.SIOCGSKNS)
        unit.get(tunabi.TUNGETFEATURES)
        unit.set(tunabi.TUNSETIFINDEX, 12345)


with tun.Tun("tap7") as present:
    present.ioctl(tunabi.TUNSETPERSIST, 1)
before = link.state("tap7")
proc.in_child(user, uid=proc.USER)
equal(link.names(), ["tap7"], "the interfaces")
equal(link.state("tap7"), before, "what ip(8) says of the unit that is there")
