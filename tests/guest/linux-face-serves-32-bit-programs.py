# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
A 32-bit program on a 64-bit kernel makes the ioctls of the tun family, reads and writes on a descriptor of
/dev/net/tap as on one of /dev/net/tun: its shorter struct ifreq is taken, nothing behind it is touched, and what has
another number there is unknown.
"""
import os
import struct

import facediff
import link
import tunabi
from check import equal, true
from ioctls import PROGRAM
from tunabi import IFF_ATTACH_QUEUE, IFF_DETACH_QUEUE, IFF_MULTI_QUEUE, IFF_NO_PI, IFF_TAP, IFF_VNET_HDR

FRAME = bytes(range(60))
IFREQ32 = 32
GUARD = b"\x5a" * 8
FLAGS = IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE | IFF_VNET_HDR


def program(face, slot, verb, argument=""):
    """Have it done by the 32-bit program: what it said, with the interface's own address left out."""
    fd = face.fd(slot)
    os.set_inheritable(fd, True)
    try:
        answer = link.run(PROGRAM, fd, verb, argument, inherit=True).strip()
    finally:
        os.set_inheritable(fd, False)
    for mac, name in face.macs.items():
        answer = answer.replace(mac.hex(), f" {name} ")
    return face.note_down(f"{verb} {argument}", answer)


def ioctl(face, slot, command, data):
    """An ioctl with a pointer."""
    return program(face, slot, hex(command), data.hex())


def ifreq(name, flags):
    """A struct ifreq of a 32-bit program, and what stands behind it."""
    return tunabi.ifreq(name, flags)[:IFREQ32] + GUARD


def attaching(face):
    """Attach, ask, attach queues and detach them."""
    face.open(0), face.open(1)
    answer = ioctl(face, 0, tunabi.TUNSETIFF, ifreq(b"dif%d", FLAGS))
    equal(answer, "0 " + (b"dif0".ljust(5, b"\0") + tunabi.ifreq(b"", FLAGS)[5:IFREQ32] + GUARD).hex(), "TUNSETIFF")
    face.learn_mac("dif0", face.spaces["home"])
    true(GUARD.hex() in ioctl(face, 0, tunabi.TUNGETIFF, bytes(IFREQ32) + GUARD), "TUNGETIFF stays within")
    ioctl(face, 1, tunabi.TUNSETIFF, ifreq(b"dif0", FLAGS))
    for flags in (IFF_DETACH_QUEUE, IFF_DETACH_QUEUE, IFF_ATTACH_QUEUE):
        ioctl(face, 1, tunabi.TUNSETQUEUE, ifreq(b"", flags))
    ioctl(face, 0, tunabi.TUNSETIFF, ifreq(b"dif1", FLAGS))
    face.state()


def numbers(face):
    """What takes or gives an int."""
    face.open(0)
    face.setiff(0, "dif0", FLAGS)
    for command in tunabi.INT_OUT[1:] + tunabi.INT_IN:     # TUNGETFEATURES differs, as is listed
        for value in (0, 0x7fffffff):
            ioctl(face, 0, command, struct.pack("I", value) + GUARD)
    for command in tunabi.BY_VALUE:
        # No message that the kernel has, so as not to fill its log.
        for value in (0, 0x40000000 if command == tunabi.TUNSETDEBUG else 0xffffffff):
            program(face, 0, hex(command), f"={value}")
    ioctl(face, 0, tunabi.TUNSETTXFILTER, struct.pack("HH", 0, 1) + b"\2" * 6)
    face.state()


def others(face):
    """Addresses; filters, whose structure is another; what is unknown; bad pointers."""
    face.open(0)
    face.setiff(0, "dif0", FLAGS)
    ioctl(face, 0, tunabi.SIOCGIFHWADDR, ifreq(b"", 0))
    ioctl(face, 0, tunabi.SIOCSIFHWADDR, ifreq(b"", 1)[:18] + b"\2\0\0\0\0\7" + bytes(8) + GUARD)
    face.told.add(b"\2\0\0\0\0\7")
    ioctl(face, 0, tunabi.SIOCGIFHWADDR, ifreq(b"", 0))
    for command in (0x400854d5, 0x400854d6, 0x800854db, tunabi.TUNATTACHFILTER, tunabi.TUNDETACHFILTER, 0x1234):
        ioctl(face, 0, command, bytes(16))
    for command in (*tunabi.IFREQS, *tunabi.INT_OUT, *tunabi.INT_IN, tunabi.TUNSETTXFILTER):
        program(face, 0, hex(command), "=1")
    face.getfilter(0)
    face.state()


def frames(face):
    """read and write."""
    face.open(0)
    face.setiff(0, "dif0", IFF_TAP | IFF_NO_PI)
    program(face, 0, "read", "100")
    program(face, 0, "write", FRAME.hex())
    face.up("dif0")
    program(face, 0, "write", FRAME.hex())
    program(face, 0, "write", FRAME[:13].hex())
    face.hear()
    face.send("dif0", FRAME)
    face.send("dif0", FRAME)
    program(face, 0, "read", "100")
    program(face, 0, "read", "20")
    program(face, 0, "read", "100")


true(os.access(PROGRAM, os.X_OK), f"{PROGRAM} is there (make guest-programs builds it)")
facediff.same(attaching, numbers, others, frames)
