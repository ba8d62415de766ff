# SPDX-License-Identifier: BSD-2-Clause
"""
SIOCGIFADDR gives the remote address, six bytes and no more: at each open that of the interface, then what
SIOCSIFADDR sets, which leaves the interface's own alone. A multicast address or none is EINVAL and changes
nothing; changing the interface's address does not change it until the next open.
"""
import errno

import link
import tap
from check import equal, raises
from ioctls import CALLERS

REMOTE = bytes.fromhex("021122334455")
for call in CALLERS:
    with tap.Tap() as unit:
        def remote():
            """SIOCGIFADDR, and sysfs, which agrees."""
            answer = call(unit, "SIOCGIFADDR", b"\xaa" * 32)
            equal(answer[6:], b"\xaa" * 26, "the bytes that follow")
            equal(link.attribute("tap0", "if_tap/remote_address"), answer[:6].hex(":"), "what sysfs says")
            return answer[:6]

        own = link.mac("tap0")
        equal(remote(), own, "the remote address at open")
        call(unit, "SIOCSIFADDR", REMOTE)
        equal(remote(), REMOTE, "the remote address set")
        equal(link.mac("tap0"), own, "the interface's address")
        for bad in (bytes(6), b"\xff" * 6, b"\x01\x00\x5e\x00\x00\x01", b"\x33\x33\x00\x00\x00\x01"):
            raises(errno.EINVAL, call, unit, "SIOCSIFADDR", bad)
        equal(remote(), REMOTE, "the remote address after errors")
        link.ip("link", "set", "dev", "tap0", "address", "02:00:00:00:00:77")
        equal(remote(), REMOTE, "the remote address after the interface's was changed")
    with tap.Tap() as unit:
        equal(remote(), bytes.fromhex("020000000077"), "the remote address at the next open")
    link.ip("link", "del", "dev", "tap0")
