# SPDX-License-Identifier: BSD-2-Clause
"""
rmmod removes all units, however far apart their numbers are, of both kinds; after it is loaded again none is
there, and the highest can be opened as if it had never been.
"""
import link
import module
import tap
from check import equal

UNITS = [("tap", n) for n in (0, 1, 300, 4097, 65535)] + [("vmnet", n) for n in (0, 1, 255)]
try:
    for kind, number in UNITS:
        tap.Tap(number, kind).close()
    equal(link.names(), sorted(f"{kind}{number}" for kind, number in UNITS), "the interfaces")
    module.unload()
    equal(link.names(), [], "the interfaces after rmmod")
    module.load()
    equal(link.names(), [], "the interfaces after loading again")
    for kind, number in (("tap", 65535), ("vmnet", 255)):
        # The node that was made above has the major number from before.
        path = tap.make_node(tap.minor(kind, number), f"{kind}-anew")
        with tap.Tap(path=path) as unit:
            equal(unit.ifname(), f"{kind}{number}", "the name of the highest")
    equal(link.names(), ["tap65535", "vmnet255"], "the interfaces opened again")
finally:
    if not module.loaded():
        module.load()
