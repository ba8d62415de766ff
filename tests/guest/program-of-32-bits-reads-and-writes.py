# SPDX-License-Identifier: BSD-2-Clause
"""
A 32-bit program on a 64-bit kernel reads and writes frames as any other, and is told EINVAL, EIO and
EHOSTDOWN as any other.
"""
import errno

import frame
import link
import packet
import tap
from check import equal, raises
from ioctls import PROGRAM, program

with open(PROGRAM, "rb") as f:
    equal(f.read(5), b"\x7fELF\x01", "the beginning of a 32-bit program")
link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    sent = [frame.random(length) for length in (14, 60, 1514)]
    packet.send("tap0", *sent)
    for expected in sent:
        equal(program(unit, "read", 2000), (len(expected), expected), "a read")
    packet.send("tap0", sent[2])
    equal(program(unit, "read", 100), (100, sent[2][:100]), "a short read")
    with packet.Capture("tap0") as capture:
        for expected in sent:
            equal(program(unit, "write", expected.hex())[0], len(expected), "a write")
            equal(capture.receive(), expected, "the frame written")
        raises(errno.EINVAL, program, unit, "write", "aabb")
        raises(errno.EIO, program, unit, "write", bytes(16385).hex())
        equal(capture.drain(), [], "more frames")
    link.ip("link", "del", "dev", "tap0")
    raises(errno.EHOSTDOWN, program, unit, "read", 100)
