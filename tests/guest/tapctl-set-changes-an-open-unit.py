# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl set changes mtu, address, txqueuelen, baudrate and transient while a program has the unit open, without
disturbing it, and one or several at a time.
"""
import json

import abi
import frame
import link
import packet
import tap
from check import equal, true
from programs import TAPCTL

link.quiet()
with tap.Tap() as unit:
    link.up("tap0", "10.0.0.1/24")
    packet.send("tap0", frame.numbered(1))
    equal(link.run(TAPCTL, "set", "tap0", "mtu", 1400), "", "what set says")
    link.run(TAPCTL, "set", "tap0", "address", "02:00:5e:00:00:07", "txqueuelen", 5, "baudrate", 2147483647,
             "transient", "yes")
    state = link.state("tap0")
    equal((state["mtu"], state["address"], state["txqlen"]), (1400, "02:00:5e:00:00:07", 5), "what ip(8) sees")
    equal(unit.get(abi.TAPGIFINFO, "ihBB")[:2], (2147483647, 1400), "baudrate and MTU by TAPGIFINFO")
    equal(unit.get(abi.TAPGTRANSIENT), 1, "TAPGTRANSIENT")
    true(link.is_up("tap0"), "the interface is up still")
    equal(link.addresses("tap0", "inet"), ["10.0.0.1/24"], "its addresses")
    equal(unit.receive(), frame.numbered(1), "the frame that waited")

    link.run(TAPCTL, "set", "tap0", "transient", "no", "baudrate", 0)
    equal(unit.get(abi.TAPGTRANSIENT), 0, "TAPGTRANSIENT")
    equal(json.loads(link.run(TAPCTL, "-j", "show", "tap0"))["baudrate"], None, "the baudrate")
    link.run(TAPCTL, "set", "tap0", "transient", "yes")
true(not link.exists("tap0"), "a unit set transient goes when it is closed")
