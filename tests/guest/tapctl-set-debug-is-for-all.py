# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl set NAME debug sets the one debug level of the module, and says that it is for all.
"""
import abi
import link
import tap
from check import equal
from programs import TAPCTL

with tap.Tap() as unit:
    try:
        equal(link.run(TAPCTL, "set", "tap0", "debug", 1), "debug: 1 for every interface, the module has one level\n",
              "what set says")
        equal(link.sysctl("debug/if_tap_debug"), "1", "the sysctl")
        equal(unit.get(abi.TAPGDEBUG), 1, "TAPGDEBUG")
    finally:
        link.sysctl("debug/if_tap_debug", 0)
