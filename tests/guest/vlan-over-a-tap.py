# SPDX-License-Identifier: BSD-2-Clause
"""
A VLAN interface on top of a tap sends tagged frames to the program, with a payload of the full MTU, and receives
those it writes; the tap itself gets the others. It survives the tap's close and carries on after the next open.
"""
import struct

import frame
import link
import packet
import tap
from check import equal, true

TAG = struct.pack("!HH", frame.VLAN, 77)


def tagged(plain):
    """The frame as it is on the wire."""
    return plain[:12] + TAG + plain[12:]


link.quiet()
for attempt in range(2):
    with tap.Tap() as unit:
        if attempt == 0:
            link.ip("link", "add", "link", "tap0", "name", "vlan77", "type", "vlan", "id", 77)
        link.up("tap0")
        link.up("vlan77")
        for length in (60, 1514):
            sent = frame.random(length)
            packet.send("vlan77", sent)
            equal(unit.receive(), tagged(sent), f"the frame of {length} bytes read")
            with packet.Capture("vlan77") as capture:
                unit.write(tagged(sent))
                equal(capture.receive(), sent, f"the frame of {length} bytes written")
        with packet.Capture("vlan77") as capture, packet.Capture("tap0") as below:
            other = frame.random(64)
            unit.write(other)
            equal(below.receive(), other, "an untagged frame")
            equal(capture.drain(), [], "what the VLAN sees of it")
    true(link.exists("vlan77"), "the VLAN is there after close")
link.ip("link", "del", "dev", "tap0")
equal(link.names(), [], "the interfaces after the tap is deleted")
