# SPDX-License-Identifier: BSD-2-Clause
# timeout: 180
"""
tinc as it is by default, a router: it opens /dev/net/tun, over which our node is mounted, for packets without an
Ethernet header but with tun's four bytes, and lays its own Ethernet header over those. Packets go both ways.
"""
import face
import link
import tinc
import traffic
import wire
from check import equal

face.bind()
other = wire.laid()
daemons = tinc.tunnel(other, "router", told=False)
equal(link.state("t0")["link_type"], "none", "the kind of link t0 is")
traffic.both_ways("t0", tinc.NEAR, tinc.FAR, other)
for daemon in daemons:
    equal(daemon.end()[0], 0, "tincd's exit status")
