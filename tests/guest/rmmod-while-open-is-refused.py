# SPDX-License-Identifier: BSD-2-Clause
"""
rmmod(8) of the module while a descriptor is open, in this or another namespace, is refused and changes
nothing: the unit works on, its queue, addresses and nodes are kept. It goes through once all is closed.
"""
import os

import frame
import link
import module
import packet
import proc
import tap
from check import equal, true


def refused():
    """Try."""
    said = module.unload_fails()
    true(said and "in use" in said, f"rmmod says it is in use: {said}")
    true(module.loaded(), "the module is still loaded")


link.quiet()
try:
    with tap.Tap() as unit:
        link.up("tap0", "10.1.0.1/24")
        packet.send("tap0", frame.numbered(1))
        nodes = sorted(os.listdir("/sys/class/if_tap"))
        refused()
        equal(sorted(os.listdir("/sys/class/if_tap")), nodes, "the nodes")
        equal(link.addresses("tap0"), ["10.1.0.1/24"], "the addresses")
        equal(unit.receive(), frame.numbered(1), "the frame that waited")
        packet.send("tap0", frame.numbered(2))
        equal(unit.receive(), frame.numbered(2), "a frame after the refusal")
    namespace = proc.Netns()
    with namespace:
        unit = tap.Tap(kind="vmnet")
    refused()
    link.ip("link", "add", "tap5", "type", "if_tap")    # nobody has it open: no reason to stay
    unit.close()
    module.unload()
    namespace.close()
finally:
    if not module.loaded():
        module.load()
