# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
`openvpn --mktun --user --group` makes an interface that stays, with that owner and group; OpenVPN takes it up
and traffic goes through it each way; it is still there afterwards, and `openvpn --rmtun` takes it away.
"""
import grp
import pwd

import face
import link
import openvpn
import traffic
import wire
from check import equal, true
from program import inside

other = wire.laid()
OPTIONS = "--dev-type", "tap", "--dev-node", face.NODE
link.run("openvpn", "--mktun", "--dev", "v0", *OPTIONS, "--user", "nobody", "--group", "nogroup")
equal(link.attribute("v0", "owner"), str(pwd.getpwnam("nobody").pw_uid), "v0's owner")
equal(link.attribute("v0", "group"), str(grp.getgrnam("nogroup").gr_gid), "v0's group")
equal(face.driver("v0"), face.DRIVER, "v0's driver")
true("LOWER_UP" not in link.flags("v0"), "nobody has v0 open")

server, client = openvpn.tunnel(other, [*OPTIONS, "--dev", "v0", "--ifconfig", "10.8.0.1", "255.255.255.0"],
                                [*OPTIONS, "--dev", "v0", "--ifconfig", "10.8.0.2", "255.255.255.0"])
face.used(server, "v0")
traffic.ping("10.8.0.2", 3)
traffic.exchange("10.8.0.2", server=other)
traffic.exchange("10.8.0.1", client=other)
for program in (server, client):
    equal(program.end()[0], 0, "OpenVPN's exit status")

true(link.exists("v0"), "v0 is there after OpenVPN")
with inside(other):
    equal(link.exists("v0"), False, "whether the other end's v0 is, which nobody made to stay")
link.run("openvpn", "--rmtun", "--dev", "v0", *OPTIONS)
equal(link.exists("v0"), False, "whether v0 is there after --rmtun")
