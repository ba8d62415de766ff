# SPDX-License-Identifier: BSD-2-Clause
# timeout: 180
"""
tinc with `Mode = switch` and `Device = NODE`: Ethernet frames between two namespaces, both ways.
"""
import link
import tinc
import traffic
import wire
from check import equal

other = wire.laid()
daemons = tinc.tunnel(other, "switch")
equal(link.state("t0")["link_type"], "ether", "the kind of link t0 is")
traffic.both_ways("t0", tinc.NEAR, tinc.FAR, other)
for daemon in daemons:
    equal(daemon.end()[0], 0, "tincd's exit status")
