# SPDX-License-Identifier: BSD-2-Clause
"""
An interface renamed while up and in use keeps its unit: frames pass, its number opens it, and its old name may be
another interface's, which the unit's number does not become.
"""
import frame
import link
import packet
import tap
from check import equal

link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    packet.send("tap0", frame.numbered(1))
    link.down("tap0")
    link.ip("link", "set", "dev", "tap0", "name", "lan0")
    link.up("lan0")
    packet.send("lan0", frame.numbered(2))
    equal(unit.drain(), [frame.numbered(2)], "the frames read")
    with packet.Capture("lan0") as capture:
        unit.write(frame.numbered(3))
        equal(capture.receive(), frame.numbered(3), "the frame written")
    equal(link.attribute("lan0", "if_tap/unit"), "0", "the number of the unit")
link.ip("link", "add", "tap0", "type", "dummy")
with tap.Tap() as unit:
    equal(unit.ifname(), "lan0", "the name of the unit opened again")
link.ip("link", "set", "dev", "tap0", "name", "dummy0")
link.ip("link", "set", "dev", "lan0", "name", "tap1")
with tap.Tap() as unit:
    equal(unit.ifname(), "tap1", "the name of unit 0")
