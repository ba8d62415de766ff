# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
slirp4netns, the network of containers without root: it goes into the container's user and network namespaces,
opens /dev/net/tun there, hands the descriptor out and joins it to its own network stack. The container gets an
address, ping and TCP both ways.
"""
import json
import os
import pathlib
import socket

import face
import link
import proc
import traffic
from check import equal, true, wait_for
from program import Program, inside

GATEWAY, ADDRESS = "10.0.2.2", "10.0.2.100"
OUTSIDE, INSIDE = 5555, 6666
face.bind()
face.for_everybody()
container = Program("unshare", "--user", "--map-root-user", "--net", "sh", "-c", "echo ready; exec sleep 1000")
container.says("ready")
namespace = proc.Netns(os.open(f"/proc/{container.pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC))
slirp = Program("slirp4netns", "--configure", "--mtu=1500", "--api-socket", "api", container.pid, "c0")
with inside(namespace):
    face.used(slirp, "c0")
    wait_for(lambda: link.addresses("c0", "inet") == [f"{ADDRESS}/24"], "c0 has its address")
    face.ready("c0")

# A port of this namespace's is the container's.
wait_for(pathlib.Path("api").exists, "slirp4netns can be told")
with socket.socket(socket.AF_UNIX) as api:
    api.connect("api")
    api.send(json.dumps({"execute": "add_hostfwd", "arguments": {
        "proto": "tcp", "host_addr": "127.0.0.1", "host_port": OUTSIDE,
        "guest_addr": ADDRESS, "guest_port": INSIDE}}).encode())
    api.shutdown(socket.SHUT_WR)
    answer = api.recv(4096).decode()
true("return" in json.loads(answer), f"slirp4netns forwards a port: {answer}")

capture = traffic.Capture("c0", "icmp", 4, netns=namespace)
traffic.ping(GATEWAY, 2, 1400, netns=namespace)
lines = capture.lines()
for what in (f"IP {ADDRESS} > {GATEWAY}: ICMP echo request", f"IP {GATEWAY} > {ADDRESS}: ICMP echo reply"):
    equal(sum(line.startswith(what) for line in lines), 2, f"how many '{what}' tcpdump sees")
traffic.exchange(GATEWAY, client=namespace, bind="127.0.0.1")
traffic.exchange("127.0.0.1", server=namespace, bind=ADDRESS, ports=(INSIDE, OUTSIDE))
traffic.iperf(GATEWAY, client=namespace, bind="127.0.0.1")

slirp.end()
with inside(namespace):
    wait_for(lambda: not link.exists("c0"), "c0 is gone with slirp4netns")
