# SPDX-License-Identifier: BSD-2-Clause
"""
An ordinary user who has inherited a descriptor uses it as its opener does: he reads, writes, makes rings, asks, and
opens further queues. What administers the interface is EPERM, for him as for root without CAP_NET_ADMIN; a node he
may not open, and the unit's further openings, stay closed to him.
"""
import errno
import fcntl
import os
import struct

import abi
import frame
import link
import packet
import proc
import ring
import tap
import tun
from check import equal, raises

link.quiet()
link.ip("link", "add", "tap0", "numtxqueues", 2, "numrxqueues", 2, "type", "if_tap")


def administers(unit):
    """What is refused, and changes nothing."""
    raises(errno.EPERM, unit.set, abi.TAPSIFINFO, 0, 1400, abi.IFT_ETHER, 0, form="ihBB")
    raises(errno.EPERM, unit.set, abi.TAPSTRANSIENT, 0)
    raises(errno.EPERM, unit.set, abi.TAPSDEBUG, 1)
    raises(errno.EPERM, ring.setup, unit, flags=ring.POLL)
    unit.ioctl(abi.VMIO_SIOCSIFFLAGS, abi.PROMISC)
    equal("PROMISC" in link.flags("tap0"), False, "whether it is promiscuous")


def user(unit):
    """With the descriptor, and nothing else."""
    raises(errno.EACCES, tap.Tap)
    equal(unit.receive(), frame.numbered(1), "what he reads")
    equal(unit.write(frame.numbered(2)), 64, "what he writes")
    equal(unit.ifname(), "tap0", "the interface's name")
    administers(unit)
    os.close(fcntl.ioctl(unit.fd, abi.TAPQUEUE, bytearray(struct.pack("i", 1))))
    ring.setup(unit)
    raises(errno.EBUSY, unit.read)


def deprived(unit):
    """Root, less the capability."""
    proc.drop_capability(proc.CAP_NET_ADMIN)
    administers(unit)
    raises(errno.EPERM, tap.Tap, 1)
    raises(errno.EPERM, tun.Tun, "tap1")


with tap.Tap() as unit:
    link.up("tap0")
    proc.in_child(deprived, unit)
    packet.send("tap0", frame.numbered(1))
    with packet.Capture("tap0") as capture:
        proc.in_child(user, unit, uid=proc.USER)
        equal(capture.receive(), frame.numbered(2), "what the stack received")
    equal(link.state("tap0")["mtu"], 1500, "the MTU")
equal(link.names(), ["tap0"], "the interfaces at the end: it was not made to go or to stay")
