# SPDX-License-Identifier: BSD-2-Clause
"""
A new unit's address is 00:bd, three random bytes and the low byte of its number: never multicast, different
for each unit (also for those with the same low byte), and said to be permanent, so that udev lets it be.
"""
import link
import tap
from check import equal, true

UNITS = [("tap", n) for n in (0, 1, 7, 255, 256, 512, 0x1234, 65535)] + [("vmnet", n) for n in (0, 7, 255)]
middles = set()
for kind, number in UNITS:
    with tap.Tap(number, kind) as unit:
        name = unit.name
        mac = link.mac(name)
        equal(mac[:2], b"\x00\xbd", f"the prefix of {name}'s address")
        equal(mac[5], number & 0xff, f"the last byte of {name}'s address")
        equal(link.attribute(name, "addr_assign_type"), "0", f"{name}'s addr_assign_type")
        middles.add(mac[2:5])
true(len(middles) >= len(UNITS) - 1, "the middle bytes are random")
for column in range(3):
    true(len({middle[column] for middle in middles}) > 1, f"random byte {column} varies")
