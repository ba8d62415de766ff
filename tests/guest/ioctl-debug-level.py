# SPDX-License-Identifier: BSD-2-Clause
# netns: init
"""
TAPSDEBUG and TAPGDEBUG, the sysctl debug.if_tap_debug and the module parameter are one level, whichever unit is
asked. Setting it takes CAP_NET_ADMIN of the initial user namespace: a container's root gets EPERM.
"""
import errno
import os
import struct

import link
import proc
import tap
from check import equal, raises
from ioctls import CALLERS

KEY = "debug/if_tap_debug"
PARAMETER = "/sys/module/if_tap/parameters/debug"
os.chmod(".", 0o755)
node = tap.make_node(0, mode=0o666)


def get(call, unit):
    """TAPGDEBUG"""
    return struct.unpack("i", call(unit, "TAPGDEBUG", b"\xaa" * 4))[0]


def parameter(value=None):
    """Read or write it."""
    with open(PARAMETER, "r" if value is None else "w", encoding="ascii") as f:
        return int(f.read()) if value is None else f.write(str(value))


def container(call):
    """Root of his own, not of the host."""
    proc.become_container_root()
    with tap.Tap(path=node) as own:
        raises(errno.EPERM, call, own, "TAPSDEBUG", struct.pack("i", 0))
        equal(get(call, own), 1, "the level in a container")


with link.Sysctl(KEY, 0), proc.Netns(), tap.Tap() as unit, tap.Tap(1) as other:
    for call in CALLERS:
        for level in (1, 2, -1, 2**31 - 1, -2**31, 0):
            call(unit, "TAPSDEBUG", struct.pack("i", level))
            equal(get(call, other), level, "the level another unit shows")
            equal(int(link.sysctl(KEY)), level, "the sysctl")
            equal(parameter(), level, "the module parameter")
        parameter(3)
        equal(get(call, unit), 3, "the level after the parameter was set")
        link.sysctl(KEY, 1)
        equal(get(call, unit), 1, "the level after the sysctl was set")
        proc.in_child(container, call, uid=proc.USER)
        equal(get(call, unit), 1, "the level after a container tried")
equal(link.sysctl(KEY), "0", "the level at the end")
