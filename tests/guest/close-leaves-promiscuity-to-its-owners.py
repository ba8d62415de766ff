# SPDX-License-Identifier: BSD-2-Clause
"""
Closing a tap takes it down and does nothing else to its flags: promiscuous and all-multicast mode that a packet
socket or a bridge asked for stay counted once, and end when those let go, not before and not never.
"""
import socket
import struct

import link
import packet
import tap
from check import equal

ADD_MEMBERSHIP, PROMISC, ALLMULTI = 1, 1, 2
link.quiet()


def modes():
    """How often each was asked for, and those ip(8) asked for."""
    state = link.state("tap0")
    return state["promiscuity"], state["allmulti"], sorted(set(state["flags"]) & {"PROMISC", "ALLMULTI"})


tap.Tap().close()
for cycle in range(3):
    with packet.Capture("tap0") as capture:
        with tap.Tap():
            link.up("tap0")
            for mode in (PROMISC, ALLMULTI):
                membership = struct.pack("iHH8s", socket.if_nametoindex("tap0"), mode, 0, bytes(8))
                capture.socket.setsockopt(packet.SOL_PACKET, ADD_MEMBERSHIP, membership)
            equal(modes(), (1, 1, []), "the modes while open")
        equal(modes(), (1, 1, []), "the modes after the tap is closed")
    equal(modes(), (0, 0, []), "the modes after the socket is closed")

link.ip("link", "add", "br0", "type", "bridge")
link.ip("link", "set", "dev", "tap0", "master", "br0")
with tap.Tap():
    link.up("tap0")
    inside = modes()
equal(modes(), inside, "the modes of a bridge port after close")
link.ip("link", "set", "dev", "tap0", "nomaster")
equal(modes(), (0, 0, []), "the modes after it left the bridge")
