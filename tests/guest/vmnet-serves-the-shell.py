# SPDX-License-Identifier: BSD-2-Clause
"""
The shell makes a vmnet: `: <> /dev/vmnet1` and `echo -n > /dev/vmnet1` open and close it, whereupon the
interface is there to be configured; what is sent to it then is read by the next program, here cat(1) and dd(1).
"""
import frame
import link
import packet
import tap
from check import equal, true

link.quiet()
for command in (": <> /dev/vmnet1", "echo -n > /dev/vmnet1"):
    equal(link.run("sh", "-c", command), "", f"what the shell says to {command}")
    equal(link.names(), ["vmnet1"], "the interfaces")
    link.up("vmnet1", "10.1.0.1/24")
    equal(link.run("sh", "-c", command), "", f"what the shell says to {command} again")
    true(link.is_up("vmnet1"), "it is up still")
    equal(link.addresses("vmnet1"), ["10.1.0.1/24"], "the addresses")
    link.ip("link", "del", "dev", "vmnet1")
link.run("sh", "-c", ": <> /dev/vmnet1")
link.up("vmnet1")
packet.send("vmnet1", frame.numbered(1), frame.numbered(2))
link.run("sh", "-c", "dd if=/dev/vmnet1 of=got bs=2000 count=1 2>/dev/null")
with open("got", "rb") as f:
    equal(f.read(), frame.numbered(1), "what dd reads")
with packet.Capture("vmnet1") as capture:
    link.run("sh", "-c", "cat got > /dev/vmnet1")
    equal(capture.receive(), frame.numbered(1), "what cat writes")
with tap.Tap(1, "vmnet") as unit:
    equal(unit.drain(), [frame.numbered(2)], "the frame left")
