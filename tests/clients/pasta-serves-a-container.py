# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
pasta, Podman's network of containers without root: it makes its interface in the container's namespaces, has it
look as the host's own, and turns its connections into the host's. ping, and TCP both ways.
"""
import os

import face
import link
import proc
import traffic
import wire
from check import wait_for
from program import Program, inside

PORT = 6666
# For so much its sockets have room. When they refuse some, this pasta may lose the end of a stream, on tun too: it
# obeys a FIN although data before it is missing.
SIZE = 40_000
face.bind()
face.for_everybody()
outside = wire.laid()
link.ip("route", "add", "default", "via", wire.THERE)
link.sysctl("net/ipv4/ping_group_range", "0 2147483647")
container = Program("unshare", "--user", "--map-root-user", "--net", "sh", "-c", "echo ready; exec sleep 1000")
container.says("ready")
namespace = proc.Netns(os.open(f"/proc/{container.pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC))
pasta = Program("pasta", "--foreground", "--stderr", "--config-net", "--runas", "0:0", "--no-map-gw", "-4", "-I", "c0",
                "-t", PORT, "-u", "none", "-T", "none", "-U", "none", container.pid)
with inside(namespace):
    face.used(pasta, "c0")
    wait_for(lambda: link.addresses("c0", "inet") == [f"{wire.HERE}/24"], "c0 has the host's address")
    face.ready("c0")

traffic.exchange(wire.THERE, server=outside, client=namespace, size=SIZE)
traffic.exchange(wire.HERE, server=namespace, client=outside, bind="0.0.0.0", ports=(PORT, PORT), size=SIZE)
capture = traffic.Capture("c0", "icmp", 4, netns=namespace)
traffic.ping(wire.THERE, 2, 1000, netns=namespace)
capture.lines()
traffic.iperf(wire.THERE, server=outside, client=namespace)
pasta.end()
with inside(namespace):
    wait_for(lambda: not link.exists("c0"), "c0 is gone with pasta")
