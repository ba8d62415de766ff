# SPDX-License-Identifier: BSD-2-Clause
"""
The old ioctls on a socket configure a tap as any Ethernet interface: SIOCSIFADDR sets an address that SIOCGIFADDR
gives back and that alone brings nothing up; once it is up the address is announced by ARP where arp_notify asks
for it, and answered for. SIOCSIFMTU takes what ip(8) takes, and else says EINVAL.
"""
import errno
import fcntl
import socket
import struct

import abi
import frame
import link
import tap
from check import equal, raises

SIOCGIFADDR, SIOCSIFADDR, SIOCGIFFLAGS, SIOCSIFFLAGS = 0x8915, 0x8916, 0x8913, 0x8914
SIOCGIFMTU, SIOCSIFMTU = 0x8921, 0x8922
ADDRESS = "10.1.0.1"


def call(command, form="", *values):
    """An ioctl with a struct ifreq; what comes after the name."""
    argument = struct.pack("16s" + form, b"tap0", *values).ljust(40, b"\0")
    return fcntl.ioctl(control, command, argument)[16:]


link.quiet()
with tap.Tap() as unit, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
    link.sysctl("net/ipv4/conf/tap0/arp_notify", 1)
    call(SIOCSIFADDR, "HH4s", socket.AF_INET, 0, socket.inet_aton(ADDRESS))
    equal(call(SIOCGIFADDR)[4:8], socket.inet_aton(ADDRESS), "the address")
    equal(link.is_up("tap0"), False, "whether an address brings it up")
    flags, = struct.unpack_from("H", call(SIOCGIFFLAGS))
    call(SIOCSIFFLAGS, "H", flags | 1)
    link.wait_ready("tap0")
    mac = link.mac("tap0")
    equal(unit.receive()[:42], frame.arp(1, mac, ADDRESS, bytes(6), ADDRESS)[:42], "the announcement")
    unit.drain()
    unit.write(frame.arp(1, frame.PEER, "10.1.0.2", bytes(6), ADDRESS))
    equal(unit.receive()[:42], frame.arp(2, mac, ADDRESS, frame.PEER, "10.1.0.2", frame.PEER)[:42], "the answer")

    for mtu in (abi.MTU_MIN, 1501, abi.MTU_MAX):
        call(SIOCSIFMTU, "i", mtu)
        equal(struct.unpack_from("i", call(SIOCGIFMTU))[0], mtu, "the MTU")
    for mtu in (abi.MTU_MIN - 1, 0, -1, abi.MTU_MAX + 1):
        raises(errno.EINVAL, call, SIOCSIFMTU, "i", mtu)
    equal(link.state("tap0")["mtu"], abi.MTU_MAX, "the MTU after refusals")
