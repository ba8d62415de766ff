# SPDX-License-Identifier: BSD-2-Clause
"""
A tap that is down already when it is closed, because it never was up or is no more, loses its addresses and
routes as one that is up.
"""
import link
import tap
from check import equal

for was_up in (False, True):
    with tap.Tap():
        for address in ("10.1.0.1/24", "10.1.0.2/24"):
            link.ip("address", "add", address, "dev", "tap0")
        link.ip("address", "add", "fd77::1/64", "dev", "tap0", "nodad")
        link.sysctl("net/ipv6/conf/tap0/keep_addr_on_down", 1)
        if was_up:
            link.up("tap0")
            link.down("tap0")
        equal(len([a for a in link.addresses("tap0") if not a.startswith("fe80")]), 3, "the number of addresses")
    what = "that was up" if was_up else "that never was up"
    equal(link.addresses("tap0"), [], f"the addresses after close of a tap {what}")
    equal(link.routes("tap0"), [], f"the routes after close of a tap {what}")
    link.ip("link", "set", "dev", "tap0", "up")
    equal([a for a in link.addresses("tap0") if not a.startswith("fe80")], [], f"the addresses of a tap {what}, up")
    link.ip("link", "del", "dev", "tap0")
