# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
`openvpn --dev tun`, OpenVPN as most people run it: IP packets between two namespaces. One end is told our node,
the other opens /dev/net/tun, over which it is mounted. ping, TCP and iperf3 go through each way, over IPv4 and
IPv6, and tcpdump sees them on an interface without Ethernet headers.
"""
import face
import link
import openvpn
import traffic
import wire
from check import equal, true
from program import inside

face.bind()
other = wire.laid()
server, client = openvpn.tunnel(
    other,
    ["--dev", "v0", "--dev-type", "tun", "--dev-node", face.NODE,
     "--ifconfig", "10.8.0.1", "10.8.0.2", "--ifconfig-ipv6", "2001:db8::1/64", "2001:db8::2"],
    ["--dev", "tun", "--ifconfig", "10.8.0.2", "10.8.0.1", "--ifconfig-ipv6", "2001:db8::2/64", "2001:db8::1"])
face.used(server, "v0")
with inside(other):
    face.used(client, "tun0")
equal(link.state("v0")["link_type"], "none", "the kind of link v0 is")
true({"POINTOPOINT", "NOARP"} <= link.flags("v0"), "v0 is point to point, without ARP")

traffic.both_ways("v0", "10.8.0.1", "10.8.0.2", other)
traffic.both_ways("v0", "2001:db8::1", "2001:db8::2", other)

for program in (server, client):
    equal(program.end()[0], 0, "OpenVPN's exit status")
