# SPDX-License-Identifier: BSD-2-Clause
# timeout: 180
"""
wireguard-go, WireGuard in user space: packets without an Ethernet header between two namespaces, both ways. It
is a Go program, which waits in epoll, and writes nothing once a second to see how the interface is; it ends when
its interface is deleted.
"""
import os
import pathlib

import face
import link
import traffic
import wire
from check import equal
from program import Program, inside

PORT = 51820
face.bind()
other = wire.laid()
SIDES = (("wg0", "10.9.0.1", wire.THERE, None), ("wg1", "10.9.0.2", wire.HERE, other))
keys = {}
for name, *_ in SIDES:
    secret = link.run("wg", "genkey")
    path = pathlib.Path(f"{name}.key")
    path.write_text(secret, encoding="ascii")
    path.chmod(0o600)
    keys[name] = link.run("wg", "pubkey", text=secret).strip()

ends = []
for (name, address, peer, namespace), theirs in zip(SIDES, (keys["wg1"], keys["wg0"])):
    ends.append(Program("wireguard-go", "-f", name, netns=namespace, env={**os.environ, "LOG_LEVEL": "verbose"}))
    ends[-1].says("UAPI listener started", 60)
    with inside(namespace):
        face.used(ends[-1], name)
        link.run("wg", "set", name, "private-key", f"{name}.key", "listen-port", PORT, "peer", theirs,
                 "endpoint", f"{peer}:{PORT}", "allowed-ips", "10.9.0.0/24")
        face.up(name, f"{address}/24")

equal(link.state("wg0")["link_type"], "none", "the kind of link wg0 is")
traffic.both_ways("wg0", "10.9.0.1", "10.9.0.2", other)
equal("latest handshake" in link.run("wg", "show", "wg0"), True, "whether there was a handshake")

link.ip("link", "del", "wg0")
equal(ends[0].wait()[0], 0, "wireguard-go's exit status when its interface is deleted")
