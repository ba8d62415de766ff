# SPDX-License-Identifier: BSD-2-Clause
"""
An interface appears when its node is first opened, not before: tap0, Ethernet, MTU 1500, broadcast and
multicast, not up, a queue of 1000 frames. It stays when the node is closed, and opening again takes the same.
"""
import link
import tap
from check import equal, true

equal(link.names(), [], "the list of interfaces before opening")
with tap.Tap():
    equal(link.names(), ["tap0"], "the list of interfaces while open")
    state = link.state("tap0")
    equal(state["link_type"], "ether", "the link type")
    equal(state["mtu"], 1500, "the MTU")
    equal(state["txqlen"], 1000, "the queue length")
    equal(set(state["flags"]), {"BROADCAST", "MULTICAST"}, "the flags")
    equal(state["broadcast"], "ff:ff:ff:ff:ff:ff", "the broadcast address")
    equal(state["linkinfo"]["info_kind"], "if_tap", "the link kind")
    index = state["ifindex"]
equal(link.names(), ["tap0"], "the list of interfaces after closing")
with tap.Tap():
    equal(link.state("tap0")["ifindex"], index, "the interface index at the second opening")
with tap.Tap(kind="vmnet"):
    equal(link.names(), ["tap0", "vmnet0"], "the list of interfaces with a vmnet")
    true(not link.is_up("vmnet0"), "a new vmnet is down")
