# SPDX-License-Identifier: BSD-2-Clause
"""
Joining multicast groups, all-multicast and promiscuous mode succeed and change nothing for the program: frames
to any address pass both ways with and without them.
"""
import socket
import struct

import frame
import link
import packet
import tap
from check import equal, true

GROUP = bytes.fromhex("01005e4d4d4d")
STRANGER = bytes.fromhex("02fefefefefe")
link.quiet()
with tap.Tap() as unit:
    link.up("tap0", "10.1.0.1/24")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s, packet.Capture("tap0") as capture:
        def passes(what):
            """Frames to a group and to a stranger, both ways."""
            for to in (GROUP, STRANGER, frame.BROADCAST):
                unit.write(frame.ethernet(b"in", to))
                equal(capture.receive(), frame.ethernet(b"in", to), f"the frame to {to.hex(':')} written {what}")
                packet.send("tap0", frame.ethernet(b"out", to))
                true(frame.ethernet(b"out", to) in unit.drain(), f"the frame to {to.hex(':')} is read {what}")

        passes("at first")
        membership = socket.inet_aton("239.77.77.77") + socket.inet_aton("10.1.0.1")
        s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        true(any(entry.get("link") == GROUP.hex(":")
                 for entry in link.ip("maddress", "show", "dev", "tap0")[0]["maddr"]), "the group is listed")
        passes("in a group")
        s.setsockopt(socket.IPPROTO_IP, socket.IP_DROP_MEMBERSHIP, membership)
        for words in (["promisc", "on"], ["allmulticast", "on"], ["promisc", "off"], ["allmulticast", "off"]):
            link.ip("link", "set", "dev", "tap0", *words)
            passes(f"with {words}")
        promiscuous = struct.pack("iHH8s", socket.if_nametoindex("tap0"), 1, 0, bytes(8))
        capture.socket.setsockopt(packet.SOL_PACKET, 1, promiscuous)
        equal(link.state("tap0")["promiscuity"], 1, "the promiscuity")
        passes("with a promiscuous socket")
    equal(link.state("tap0")["promiscuity"], 0, "the promiscuity after the socket is closed")
