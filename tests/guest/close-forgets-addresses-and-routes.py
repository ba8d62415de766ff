# SPDX-License-Identifier: BSD-2-Clause
"""
When a tap is closed it has no address and no route any more: IPv4 with secondaries, labels and a peer, IPv6
global, deprecated and link-local, static routes and those in other tables. The same with keep_addr_on_down set
and with promote_secondaries, which make the kernel keep addresses when it can.
"""
import link
import tap
from check import equal, true, wait_for

IPV4 = ["10.1.0.1/16", "10.1.0.2/16", "10.1.0.3/16", "10.2.0.1/24", "192.168.7.7/32"]
IPV6 = [f"fd77:{n:x}::1/64" for n in range(20)]


def configure():
    """All kinds of addresses and routes."""
    for n, address in enumerate(IPV4):
        link.ip("address", "add", address, "dev", "tap0", "label", f"tap0:{n}")
    link.ip("address", "add", "10.9.0.1", "peer", "10.9.0.2", "dev", "tap0")
    batch = "".join(f"address add {address} dev tap0 nodad\n" for address in IPV6)
    link.run("ip", "-batch", "-", text=batch)
    link.ip("address", "add", "fd78::1/128", "dev", "tap0", "preferred_lft", 0, "nodad")
    link.up("tap0")
    link.ip("route", "add", "172.16.0.0/12", "via", "10.2.0.9")
    link.ip("route", "add", "172.17.0.0/16", "dev", "tap0", "table", 77)
    link.ip("-6", "route", "add", "2001:db8::/32", "via", "fd77:3::9", "dev", "tap0")
    link.ip("neigh", "add", "10.2.0.9", "lladdr", "02:00:00:00:00:09", "dev", "tap0")
    true(len(link.addresses("tap0", "inet")) == len(IPV4) + 1, "all IPv4 addresses are there")
    wait_for(lambda: any(a.startswith("fe80") for a in link.addresses("tap0", "inet6")), "a link-local address")
    equal(len(link.addresses("tap0", "inet6")), len(IPV6) + 2, "the number of IPv6 addresses")
    true(len(link.routes("tap0")) > len(IPV4) + len(IPV6), "routes are there")


for keep, promote in ((0, 0), (1, 1)):
    with tap.Tap():
        link.sysctl("net/ipv6/conf/tap0/keep_addr_on_down", keep)
        link.sysctl("net/ipv4/conf/tap0/promote_secondaries", promote)
        configure()
    what = f"with keep_addr_on_down={keep}, promote_secondaries={promote}"
    equal(link.addresses("tap0"), [], f"the addresses after close {what}")
    equal(link.routes("tap0"), [], f"the routes after close {what}")
    equal(link.ip("neigh", "show", "dev", "tap0", "nud", "all"), [], f"the neighbours after close {what}")
    link.ip("link", "set", "dev", "tap0", "up")
    equal(link.addresses("tap0"), [], f"the addresses when up again without an opener {what}")
    link.down("tap0")
    with tap.Tap():
        link.up("tap0")
        equal(link.addresses("tap0", "inet"), [], f"the IPv4 addresses after the next open {what}")
        equal([a for a in link.addresses("tap0", "inet6") if not a.startswith("fe80")], [],
              f"the IPv6 addresses after the next open {what}")
