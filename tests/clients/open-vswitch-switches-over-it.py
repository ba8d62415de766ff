# SPDX-License-Identifier: BSD-2-Clause
# timeout: 180
"""
Open vSwitch with its data path in user space: the bridge's own port and each internal port are taps that
ovs-vswitchd opens. Traffic goes through the switch both ways between each of them and a cable to another
namespace; ovs-vsctl takes them away again.
"""
import os
import pathlib

import face
import link
import traffic
import wire
from check import equal, wait_for
from program import Program, inside

SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema"
here = pathlib.Path.cwd()
for variable in ("OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR"):
    os.environ[variable] = str(here)
database = f"unix:{here}/db.sock"


def vsctl(*words):
    """Change the switch, and wait until it is so."""
    return link.run("ovs-vsctl", f"--db={database}", "--timeout=60", *words)


face.bind()
cable = wire.laid()
link.ip("address", "flush", "dev", wire.NAME)
link.run("ovsdb-tool", "create", "conf.db", SCHEMA)
Program("ovsdb-server", f"--remote=p{database}", "conf.db", "-vconsole:warn", "-vsyslog:off")
wait_for((here / "db.sock").exists, "the switch's data base is there")
vsctl("--no-wait", "init")
switch = Program("ovs-vswitchd", database, "-vconsole:warn", "-vsyslog:off", "-vfile:off")
vsctl("add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=netdev")
vsctl("add-port", "br0", "inner", "--", "set", "interface", "inner", "type=internal")
vsctl("add-port", "br0", wire.NAME)
for name in ("br0", "inner"):
    face.used(switch, name)

with inside(cable):
    # The switch does not finish checksums that a virtual cable leaves undone.
    link.run("ethtool", "-K", wire.NAME, "tx", "off")
# Each answers ARP for its own address only.
link.sysctl("net/ipv4/conf/all/arp_ignore", 1)
for name, number in (("br0", 1), ("inner", 2)):
    face.up(name, f"10.5.{number}.1/24")
    with inside(cable):
        link.ip("address", "add", f"10.5.{number}.2/24", "dev", wire.NAME)
    traffic.both_ways(name, f"10.5.{number}.1", f"10.5.{number}.2", cable)

control, = here.glob("ovs-vswitchd.*.ctl")
learned = link.run("ovs-appctl", "-t", control, "fdb/show", "br0")
for name in ("br0", "inner"):
    mac = link.state(name)["address"]
    equal(mac in learned, True, f"whether the switch has learned {mac} of {name}: {learned}")

vsctl("del-br", "br0")
wait_for(lambda: not {"br0", "inner"} & set(link.names()), "br0 and its internal port are gone")
equal(face.descriptors(switch.pid), {}, "what ovs-vswitchd has open")
