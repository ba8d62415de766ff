# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
`socat TUN:...,tun-device=NODE`: socat does not ask for IFF_NO_PI, so each packet it reads and writes has four
bytes before it, flags and protocol, which are seen on the wire between two of them. Packets without an Ethernet
header, both ways.
"""
import link
import socat
import traffic
import wire
from check import equal

other = wire.laid()
link.quiet()    # only what this test sends is on the wire
ends = socat.tunnel(other, "")
equal(link.state("s0")["link_type"], "none", "the kind of link s0 is")
traffic.both_ways("s0", socat.NEAR, socat.FAR, other)
socat.begin_with(socat.on_the_wire(10), bytes.fromhex("00000800"))
for end in ends:
    equal(end.end()[0], 143, "socat's exit status")
