# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
`openvpn --dev-type tap --dev-node NODE`: an Ethernet between two namespaces, both ends of it on our node. ping,
TCP and iperf3 go through each way, over IPv4 and IPv6, and tcpdump sees them.
"""
import face
import openvpn
import traffic
import wire
from check import equal
from program import inside

other = wire.laid()
OPTIONS = "--dev-type", "tap", "--dev-node", face.NODE
server, client = openvpn.tunnel(other, [*OPTIONS, "--dev", "v0", "--ifconfig", "10.8.0.1", "255.255.255.0"],
                                [*OPTIONS, "--dev", "v1", "--ifconfig", "10.8.0.2", "255.255.255.0"])
face.used(server, "v0")
with inside(other):
    face.used(client, "v1")

traffic.both_ways("v0", "10.8.0.1", "10.8.0.2", other)
face.up("v0", "2001:db8::1/64")
with inside(other):
    face.up("v1", "2001:db8::2/64")
traffic.ping("2001:db8::2")
traffic.exchange("2001:db8::2", server=other)

for program in (server, client):
    equal(program.end()[0], 0, "OpenVPN's exit status")
