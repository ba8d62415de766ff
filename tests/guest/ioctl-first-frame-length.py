# SPDX-License-Identifier: BSD-2-Clause
"""
FIONREAD is the length of the first frame that waits, whole, not of all and not of what poll sees later; 0 when
none waits.
"""
import struct

import frame
import link
import packet
import tap
from check import equal
from ioctls import CALLERS

link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    for call in CALLERS:
        def length():
            """FIONREAD"""
            return struct.unpack("i", call(unit, "FIONREAD", b"\xaa" * 4))[0]

        equal(length(), 0, "the length without a frame")
        packet.send("tap0", frame.random(1000), frame.random(14), frame.random(1514))
        for expected in (1000, 14, 1514):
            equal(length(), expected, "the length of the first frame")
            equal(length(), expected, "the length of the first frame, asked again")
            equal(len(unit.read(10)), 10, "a short read")
        equal(length(), 0, "the length after the last frame")
        packet.send("tap0", frame.random(100))
        link.down("tap0")
        equal(length(), 0, "the length after down")
        link.up("tap0")
