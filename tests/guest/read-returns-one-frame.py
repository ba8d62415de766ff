# SPDX-License-Identifier: BSD-2-Clause
"""
Each read gives one frame, oldest first, with its Ethernet header and exactly as it was sent: frames of 14 to
1514 bytes come with their own length, without padding, header or check sequence.
"""
import frame
import link
import packet
import tap
from check import equal

LENGTHS = [14, 15, 17, 42, 59, 60, 61, 64, 128, 590, 1499, 1500, 1513, 1514]
link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    sent = [frame.random(length) for length in LENGTHS]
    packet.send("tap0", *sent)
    for expected in sent:
        equal(unit.receive(), expected, f"the frame of {len(expected)} bytes")
    equal(unit.poll(), 0, "poll after the last frame")

    link.ip("link", "set", "dev", "tap0", "mtu", 16370)
    for length in (2000, 4110, 8192, 16384):
        expected = frame.random(length)
        packet.send("tap0", expected)
        equal(unit.receive(), expected, f"the frame of {length} bytes")
