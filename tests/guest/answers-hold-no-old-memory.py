# SPDX-License-Identifier: BSD-2-Clause
"""
What the module gives to a program has nothing in it that belongs to somebody else: an ioctl writes its argument's
bytes and none after them, what is unused of a struct ifreq is zero, a ring is zero when it is new, also where another
program's frames were just before, and what fills up a record is zero.
"""
import struct

import abi
import frame
import link
import packet
import ring
import tap
import tun
import tunabi
from check import equal, true

# The bytes each writes.
BSD = {"TAPGDEBUG": 4, "TAPGIFINFO": 8, "TAPGIFNAME": 40, "TAPGTRANSIENT": 4, "TAPGVNETHDR": 4, "TAPGOFFLOAD": 4,
       "SIOCGIFFLAGS": 2, "SIOCGIFADDR": 6, "FIONREAD": 4, "FIOGETOWN": 4, "TIOCGPGRP": 4}
LINUX = {tunabi.TUNGETIFF: 40, tunabi.TUNGETFEATURES: 4, tunabi.TUNGETSNDBUF: 4, tunabi.TUNGETVNETHDRSZ: 4,
         tunabi.TUNGETVNETLE: 4, tunabi.TUNGETFILTER: 16, abi.TAPGIFNAME: 40, abi.TAPGOFFLOAD: 4}
SECRET = b"secret" * 200
ROOM = 64
link.quiet()


def answer(unit, command, size):
    """The bytes it writes, whatever was there before, and no more than @size of them."""
    seen = []
    for pattern in (b"\xaa", b"\x55"):
        buffer = bytearray(pattern * ROOM)
        unit.ioctl(command, buffer)
        equal(bytes(buffer[size:]), pattern * (ROOM - size), f"what is after the answer to {command:#x}")
        seen.append(bytes(buffer[:size]))
    equal(seen[0], seen[1], f"the answer to {command:#x}, whatever was there before")
    return seen[0]


def is_new(mapped):
    """All zero but what says that a doorbell is wanted."""
    kernel = bytearray(mapped.kernel[:])
    struct.pack_into("I", kernel, ring.IN_NEED_WAKEUP, 0)
    for name, area in (("kernel's page", kernel), ("program's page", mapped.user), ("frames out", mapped.out),
                       ("frames in", mapped.data)):
        true(not any(area[:]), f"the {name} of a new ring is zero")


with tap.Tap() as unit:
    for name, size in BSD.items():
        answer(unit, getattr(abi, name), size)
    name = answer(unit, abi.TAPGIFNAME, 40)
    equal(name.rstrip(b"\0"), b"tap0", "the name, and nothing after it")
with tun.Tun("tap1") as unit:
    for command, size in LINUX.items():
        answer(unit, command, size)
    name, flags, rest = struct.unpack("16sH22s", answer(unit, tunabi.TUNGETIFF, 40))
    equal((name.rstrip(b"\0"), rest), (b"tap1", bytes(22)), "the name and what is after the flags")
    equal(answer(unit, tunabi.TUNGETFILTER, 16), bytes(16), "a filter that was never given")

for turn in range(3):
    with tap.Tap() as unit:
        mapped = ring.Ring(unit)
        is_new(mapped)
        link.up("tap0")
        packet.send("tap0", frame.ethernet(SECRET[:1000]))
        for length in range(60, 60 + ring.ALIGN):
            packet.send("tap0", frame.random(length))
        end = 0
        for position, header, one in mapped.peek():
            start = end % mapped.out_size + ring.RECORD.size + len(one)
            true(not any(mapped.out[start:position]), f"what fills up a record of {len(one)} bytes is zero")
            equal(header[1:], (0, 0, 0, bytes(12), 0), "the header but for the length")
            end = position
        mapped.data[:len(SECRET)] = SECRET
        mapped.unmap()
