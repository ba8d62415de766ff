# SPDX-License-Identifier: BSD-2-Clause
"""
The memory of units is accounted under a name of its own: the slab cache if_tap_unit, in /proc/slabinfo, has room
for as many objects as there are units, and comes and goes with the module.
"""
import module
import tap
from check import equal, true

UNITS = 300


def objects():
    """How many there is memory for; None without the cache."""
    with open("/proc/slabinfo", encoding="ascii") as f:
        for line in f:
            words = line.split()
            if words[0] == "if_tap_unit":
                return int(words[2])
    return None


try:
    before = objects()
    true(before is not None, "the cache is there")
    for number in range(UNITS):
        tap.Tap(number).close()
    true(objects() >= UNITS, f"there are {UNITS} objects")
    module.unload()
    equal(objects(), None, "the objects after the module is unloaded")
finally:
    if not module.loaded():
        module.load()
