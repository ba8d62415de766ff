# SPDX-License-Identifier: BSD-2-Clause
"""
TAPSIFINFO sets MTU and baudrate, which ip(8), ethtool(8) and TAPGIFINFO then show, from 64-bit and 32-bit
programs: EPROTOTYPE for another type than Ethernet, EINVAL for an MTU outside 68 to 16370, EPERM without
CAP_NET_ADMIN, and then neither is changed.
"""
import errno
import struct

import abi
import link
import proc
import tap
from check import equal, raises, true
from ioctls import CALLERS

FORM = "ihBB"


def info(call, unit):
    """(baudrate, mtu, type, dummy)"""
    return struct.unpack(FORM, call(unit, "TAPGIFINFO", b"\xaa" * 8))


def set_info(call, unit, baudrate, mtu, kind=abi.IFT_ETHER, dummy=0):
    """TAPSIFINFO."""
    call(unit, "TAPSIFINFO", struct.pack(FORM, baudrate, mtu, kind, dummy))


def speed():
    """As ethtool says."""
    return link.run("ethtool", "tap0").split("Speed: ")[1].split("\n")[0]


for call in CALLERS:
    with tap.Tap() as unit:
        equal(info(call, unit), (0, 1500, abi.IFT_ETHER, 0), "the information of a new unit")
        true("Unknown" in speed(), "the speed of a new unit is unknown")
        set_info(call, unit, 100_000_000, 9000)
        equal(info(call, unit), (100_000_000, 9000, abi.IFT_ETHER, 0), "the information set")
        equal(link.state("tap0")["mtu"], 9000, "the MTU")
        equal(speed(), "100Mb/s", "the speed")
        for baudrate, mtu in ((2_000_000_000, abi.MTU_MIN), (0, abi.MTU_MAX), (-1, 1500)):
            set_info(call, unit, baudrate, mtu, dummy=255)
            equal(info(call, unit), (baudrate, mtu, abi.IFT_ETHER, 0), "the information set")
        true("Unknown" in speed(), "a negative baudrate is an unknown speed")

        for kind in (0, 1, 5, 7, 255):
            raises(errno.EPROTOTYPE, set_info, call, unit, 5, 1400, kind)
        for mtu in (abi.MTU_MIN - 1, 0, -1, -32768, abi.MTU_MAX + 1, 32767):
            raises(errno.EINVAL, set_info, call, unit, 5, mtu)

        def deprived():
            """Hold the descriptor, but not the capability."""
            proc.drop_capability(proc.CAP_NET_ADMIN)
            raises(errno.EPERM, set_info, call, unit, 5, 1400)
            raises(errno.EPERM, set_info, call, unit, -1, 1500)    # as it is already
            equal(info(call, unit), (-1, 1500, abi.IFT_ETHER, 0), "the information a user sees")

        proc.in_child(deprived)
        equal(info(call, unit), (-1, 1500, abi.IFT_ETHER, 0), "the information at the end")
        equal(link.state("tap0")["mtu"], 1500, "the MTU at the end")
    with tap.Tap() as unit:
        equal(info(call, unit), (-1, 1500, abi.IFT_ETHER, 0), "the information at the next open")
    link.ip("link", "del", "dev", "tap0")
