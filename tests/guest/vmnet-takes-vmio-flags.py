# SPDX-License-Identifier: BSD-2-Clause
"""
VMIO_SIOCSIFFLAGS works on a vmnet as on a tap: it brings it up and sets the flags given, and what it has set
stays over close.
"""
import abi
import link
import tap
from check import equal, true

SETTABLE = {"DEBUG", "NOARP", "PROMISC"}
with tap.Tap(kind="vmnet") as unit:
    equal(link.is_up("vmnet0"), False, "whether a new vmnet is up")
    unit.ioctl(abi.VMIO_SIOCSIFFLAGS, abi.NOARP | abi.PROMISC)
    link.wait_ready("vmnet0")
    equal(link.flags("vmnet0") & SETTABLE, {"NOARP", "PROMISC"}, "the flags set")
    unit.ioctl(abi.VMIO_SIOCSIFFLAGS, abi.DEBUG)
    equal(link.flags("vmnet0") & SETTABLE, {"DEBUG"}, "the flags set instead")
true(link.is_up("vmnet0"), "it is up after close")
equal(link.flags("vmnet0") & SETTABLE, {"DEBUG"}, "the flags after close")
