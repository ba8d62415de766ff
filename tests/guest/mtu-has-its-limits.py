# SPDX-License-Identifier: BSD-2-Clause
"""
ip(8) sets an MTU from 68 to 16370, also while frames pass; 67 and 16371 are refused. A frame of the largest MTU
passes both ways. What waits already is not touched when the MTU shrinks.
"""
import abi
import frame
import link
import packet
import tap
from check import equal

link.quiet()
with tap.Tap() as unit:
    state = link.state("tap0")
    equal((state["min_mtu"], state["max_mtu"]), (abi.MTU_MIN, abi.MTU_MAX), "the limits ip(8) shows")
    for bad in (0, abi.MTU_MIN - 1, abi.MTU_MAX + 1, 65535):
        link.ip_fails("link", "set", "dev", "tap0", "mtu", bad)
    equal(link.state("tap0")["mtu"], 1500, "the MTU after refusals")
    link.up("tap0")
    largest = frame.random(abi.MTU_MAX + 14)
    for mtu in (abi.MTU_MIN, abi.MTU_MAX):
        link.ip("link", "set", "dev", "tap0", "mtu", mtu)
        equal(link.state("tap0")["mtu"], mtu, "the MTU")
    packet.send("tap0", largest)
    link.ip("link", "set", "dev", "tap0", "mtu", abi.MTU_MIN)
    equal(unit.receive(), largest, "the frame that waited")
    with packet.Capture("tap0") as capture:
        equal(unit.write(largest), len(largest), "a write longer than the MTU")
        equal(capture.receive(), largest, "the frame written")
