# SPDX-License-Identifier: BSD-2-Clause
"""
VMIO_SIOCSIFFLAGS takes flags by value: it always brings the interface up, and sets DEBUG, NOARP and PROMISC as
given, off as well as on, and nothing else whatever the bits. Without CAP_NET_ADMIN it brings up only. PROMISC
set so is not lost count of: ip(8) can take it away.
"""
import abi
import link
import packet
import proc
import tap
from check import equal, true
from ioctls import CALLERS

LINUX = {abi.DEBUG: "DEBUG", abi.NOARP: "NOARP", abi.PROMISC: "PROMISC"}


def settable():
    """Those of the three that are set."""
    return link.flags("tap0") & set(LINUX.values())


for call in CALLERS:
    with tap.Tap() as unit:
        call(unit, "VMIO_SIOCSIFFLAGS", 0)
        link.wait_ready("tap0")
        equal(settable(), set(), "the flags set by 0")
        for flags in (abi.DEBUG, abi.NOARP | abi.PROMISC, abi.DEBUG | abi.NOARP | abi.PROMISC, abi.PROMISC, 0,
                      abi.UP | abi.DEBUG):
            call(unit, "VMIO_SIOCSIFFLAGS", flags)
            equal(settable(), {LINUX[flag] for flag in LINUX if flags & flag}, f"the flags set by {flags:#x}")
            true(link.is_up("tap0"), "it is up")
        before = link.flags("tap0") - {"DEBUG"}
        call(unit, "VMIO_SIOCSIFFLAGS", 0xfff & ~sum(LINUX))
        equal(link.flags("tap0"), before, "the flags set by everything else")
        call(unit, "VMIO_SIOCSIFFLAGS", abi.MULTICAST | 0x7000 | 0x30000)
        equal(link.flags("tap0"), before, "the flags set by bits above the twelfth")

        call(unit, "VMIO_SIOCSIFFLAGS", abi.PROMISC)
        with packet.Capture("tap0"):
            pass
        equal(link.state("tap0")["promiscuity"], 1, "how often it is promiscuous")
        link.ip("link", "set", "dev", "tap0", "promisc", "off")
        equal(link.state("tap0")["promiscuity"], 0, "how often it is promiscuous after ip(8)")

        call(unit, "VMIO_SIOCSIFFLAGS", abi.NOARP)
        link.down("tap0")

        def deprived():
            """Hold the descriptor, but not the capability."""
            proc.drop_capability(proc.CAP_NET_ADMIN)
            call(unit, "VMIO_SIOCSIFFLAGS", abi.PROMISC | abi.DEBUG)

        proc.in_child(deprived)
        true(link.is_up("tap0"), "somebody without privilege brings it up")
        equal(settable(), {"NOARP"}, "the flags somebody without privilege leaves")
    link.ip("link", "del", "dev", "tap0")
