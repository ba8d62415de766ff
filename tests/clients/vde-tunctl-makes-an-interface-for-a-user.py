# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
`vde_tunctl -f NODE -u USER -t v0` makes an interface that stays and that is this user's; his vde_switch, without
any privilege, takes it up and traffic goes through it both ways; `vde_tunctl -d` takes it away.
"""
import pathlib
import subprocess

import face
import link
import proc
import traffic
from check import equal, true, wait_for
from program import Program, inside

face.bind()
face.for_everybody()
said = link.run("vde_tunctl", "-f", face.NODE, "-u", proc.USER, "-t", "v0", "-b")
equal(said.strip(), "v0", "what vde_tunctl prints")
equal(link.attribute("v0", "owner"), str(proc.USER), "v0's owner")
equal(face.driver("v0"), face.DRIVER, "v0's driver")

sock = pathlib.Path("sockets").resolve()
sock.mkdir()
face.give_directory(sock)
switch = Program("vde_switch", "-s", sock / "switch", "-t", "v0", stdin=subprocess.PIPE, **face.AS_USER)
wait_for((sock / "switch/ctl").exists, "the switch is there")
face.used(switch, "v0")
face.up("v0", "10.6.0.1/24")
other = proc.Netns()
plug = Program("vde_plug2tap", "-s", sock / "switch", "v1", netns=other)
with inside(other):
    face.used(plug, "v1")
    face.up("v1", "10.6.0.2/24")
traffic.both_ways("v0", "10.6.0.1", "10.6.0.2", other)

plug.end()
switch.tell("shutdown")
equal(switch.wait()[0], 0, "the switch's exit status")
true(link.exists("v0"), "v0 is there without the switch")
link.run("vde_tunctl", "-f", face.NODE, "-d", "v0")
equal(link.exists("v0"), False, "whether v0 is there after vde_tunctl -d")
