# SPDX-License-Identifier: BSD-2-Clause
"""
Loading the module a second time is refused, since it exists, and disturbs nothing: there is one driver still,
and what is open works on.
"""
import os

import frame
import link
import packet
import tap
from check import equal, true


def drivers():
    """The driver's lines in /proc/devices."""
    with open("/proc/devices", encoding="ascii") as f:
        return [line for line in f if line.split()[1:] == ["if_tap"]]


link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    before = drivers()
    equal(len(before), 1, "the number of drivers")
    said = link.run("insmod", os.environ["IF_TAP_KO"], check=False)
    true(said.returncode and "File exists" in said.stderr, f"a second load is refused: {said}")
    equal(drivers(), before, "the drivers after the second load")
    packet.send("tap0", frame.numbered(1))
    equal(unit.drain(), [frame.numbered(1)], "the frames read")
