# SPDX-License-Identifier: BSD-2-Clause
"""
An open tap has a carrier, a closed one has none: closing takes it down, and brought up without an opener it
stays without carrier. The listeners of netlink are told of the carrier both ways.
"""
import subprocess

import link
import tap
from check import equal, true, wait_for


def carrier():
    """Of an interface that is up."""
    return "LOWER_UP" in link.flags("tap0")


with tap.Tap():
    link.up("tap0")
    true(carrier(), "an open tap has a carrier")
    with subprocess.Popen(["ip", "-o", "monitor", "link"], stdout=subprocess.PIPE, text=True) as monitor:
        link.down("tap0")
        link.up("tap0")
        # ip(8) listens when it says the first thing.
        true("tap0" in monitor.stdout.readline(), "ip monitor is told")
        monitor.terminate()
equal(link.flags("tap0"), {"BROADCAST", "MULTICAST"}, "the flags after close")
equal(link.attribute("tap0", "operstate"), "down", "the operational state after close")
link.ip("link", "set", "dev", "tap0", "up")
wait_for(lambda: "NO-CARRIER" in link.flags("tap0"), "a closed tap has no carrier")
true(not carrier(), "a closed tap has no carrier")
with tap.Tap():
    wait_for(carrier, "opening a tap that is up gives it a carrier")
    link.wait_ready("tap0")
    changes = int(link.attribute("tap0", "carrier_changes"))
equal(int(link.attribute("tap0", "carrier_changes")), changes + 1, "the carrier's changes after close")
equal(link.is_up("tap0"), False, "whether it is up after the second close")
