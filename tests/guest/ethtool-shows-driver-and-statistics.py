# SPDX-License-Identifier: BSD-2-Clause
"""
ethtool(8) shows the driver's name and the module's version, full duplex, no autonegotiation, the link while a
descriptor is open, software time-stamping, and the counters, each name once.
"""
import json

import abi
import link
import tap
from check import equal, true

with open("/sys/module/if_tap/version", encoding="ascii") as f:
    version = f.read().strip()
with tap.Tap():
    link.up("tap0")
    driver = dict(line.split(": ", 1) for line in link.run("ethtool", "-i", "tap0").splitlines() if ": " in line)
    equal((driver["driver"], driver["version"]), ("if_tap", version), "driver and version")
    settings = link.run("ethtool", "tap0")
    for line in ("Duplex: Full", "Auto-negotiation: off", "Link detected: yes"):
        true(line in settings, f"ethtool shows {line}: {settings}")
    true("software-transmit" in link.run("ethtool", "-T", "tap0"), "transmit time-stamps in software")
    names = [line.split(":")[0].strip() for line in link.run("ethtool", "-S", "tap0").splitlines()[1:]]
    equal(sorted(names), sorted(set(names)), "the names of the counters")
    true(set(abi.COUNTERS) <= set(names), f"all counters are there: {names}")
link.ip("link", "set", "dev", "tap0", "up")
true("Link detected: no" in link.run("ethtool", "tap0"), "no link when closed")
equal(json.loads(link.run("ethtool", "--json", "-k", "tap0"))[0]["scatter-gather"]["active"], True, "scatter-gather")
