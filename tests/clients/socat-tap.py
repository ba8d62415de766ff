# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
`socat TUN:...,tun-type=tap`, with and without iff-no-pi: Ethernet frames, after four bytes of flags and protocol
or after nothing, as is seen on the wire between two of them; traffic goes both ways.
"""
import link
import socat
import traffic
import wire
from check import equal, true

other = wire.laid()
link.quiet()
for options, head in ((",tun-type=tap", bytes.fromhex("00000800")), (",tun-type=tap,iff-no-pi", b"")):
    ends = socat.tunnel(other, options)
    equal(link.state("s0")["link_type"], "ether", "the kind of link s0 is")
    traffic.both_ways("s0", socat.NEAR, socat.FAR, other)
    found = socat.on_the_wire(10)
    mac = link.mac("s0")
    pings = [each for each in found if each.startswith(head) and each[len(head) + 12:][:3] == b"\x08\x00\x45"
             and mac in (each[len(head):][:6], each[len(head) + 6:][:6])]
    true(len(pings) > len(found) / 2, f"most of {[each.hex() for each in found]} are IPv4 in Ethernet frames of s0")
    for end in ends:
        equal(end.end()[0], 143, "socat's exit status")
