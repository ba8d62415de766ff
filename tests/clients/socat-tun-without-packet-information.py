# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
`socat TUN:...,iff-no-pi`: what socat reads and writes is the packet and nothing else, as is seen on the wire
between two of them. It opens /dev/net/tun, over which our node is mounted.
"""
import face
import link
import socat
import traffic
import wire
from check import equal

face.bind()
other = wire.laid()
link.quiet()
ends = socat.tunnel(other, ",iff-no-pi", told=False)
equal(link.state("s0")["link_type"], "none", "the kind of link s0 is")
traffic.both_ways("s0", socat.NEAR, socat.FAR, other)
socat.begin_with(socat.on_the_wire(10), b"")
for end in ends:
    equal(end.end()[0], 143, "socat's exit status")
