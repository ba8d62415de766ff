# SPDX-License-Identifier: BSD-2-Clause
"""
Interface ioctls that a tap has no use for are EOPNOTSUPP and change nothing: a driver's private ones, those of
MII, of bonding, of memory maps, and of ethtool(8) for rings, pauses and registers.
"""
import ctypes
import errno
import fcntl
import socket
import struct

import link
import tap
from check import equal, raises

PRIVATE, SIOCGMIIPHY, SIOCGMIIREG, SIOCBONDENSLAVE, SIOCSIFMAP = 0x89f0, 0x8947, 0x8948, 0x8990, 0x8971
SIOCETHTOOL = 0x8946
GREGS, GWOL, GRINGPARAM, GPAUSEPARAM = 0x4, 0x5, 0x10, 0x12


def call(command, data=0):
    """An ioctl with a struct ifreq and a pointer in it."""
    fcntl.ioctl(control, command, struct.pack("16sQ16x", b"tap0", data))


def settled(state):
    """All of it that stays by itself."""
    return {key: value for key, value in state.items() if not key.startswith("stats")}


with tap.Tap(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
    before = settled(link.state("tap0"))
    for command in (PRIVATE, PRIVATE + 1, PRIVATE + 15, SIOCGMIIPHY, SIOCGMIIREG, SIOCBONDENSLAVE, SIOCSIFMAP):
        raises(errno.EOPNOTSUPP, call, command)
    buffer = ctypes.create_string_buffer(256)
    for number in (GREGS, GWOL, GRINGPARAM, GPAUSEPARAM):
        struct.pack_into("I", buffer, 0, number)
        raises(errno.EOPNOTSUPP, call, SIOCETHTOOL, ctypes.addressof(buffer))
    equal(settled(link.state("tap0")), before, "the interface")
