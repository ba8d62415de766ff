# SPDX-License-Identifier: BSD-2-Clause
# timeout: 180
"""
VDE: vde_switch -t has a tap of its own; vde_plug2tap and vde_plug join taps in two other namespaces to the
switch. Traffic goes both ways between all three.
"""
import pathlib
import subprocess

import face
import proc
import traffic
from check import equal, wait_for
from program import Program, inside

face.bind()
sock = pathlib.Path("switch").resolve()
switch = Program("vde_switch", "-s", sock, "-t", "v0", stdin=subprocess.PIPE)
wait_for((sock / "ctl").exists, "the switch is there")
face.used(switch, "v0")
face.up("v0", "10.6.0.1/24")

plugged = []
for name, address, command in (("v1", "10.6.0.2", ["vde_plug2tap", "-s", sock, "v1"]),
                               ("v2", "10.6.0.3", ["vde_plug", f"vde://{sock}", "tap://v2"])):
    namespace = proc.Netns()
    plug = Program(*command, netns=namespace)
    with inside(namespace):
        face.used(plug, name)
        face.up(name, f"{address}/24")
    plugged.append((name, address, namespace, plug))

for name, address, namespace, _ in plugged:
    traffic.both_ways("v0", "10.6.0.1", address, namespace)
(_, _, one, _), (_, address, other, _) = plugged
traffic.ping(address, netns=one)
traffic.exchange(address, server=other, client=one)

for name, _, namespace, plug in plugged:
    plug.end()
switch.tell("shutdown")
equal(switch.wait()[0], 0, "the switch's exit status")
