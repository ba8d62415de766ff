# SPDX-License-Identifier: BSD-2-Clause
"""
Without the module every command of tapctl says how to load it, and makes nothing.
"""
import os

import link
import module
from check import equal
from programs import TAPCTL

module.unload()
try:
    for words in ((), ("list",), ("-j", "list"), ("show", "tap0"), ("create", "tap7"), ("destroy", "tap0"),
                  ("set", "tap0", "mtu", "1400"), ("monitor", "tap0"), ("dump", "tap0"), ("send", "tap0", "any.pcap")):
        done = link.run(TAPCTL, *words, check=False)
        equal((done.returncode, done.stdout, done.stderr),
              (1, "", "tapctl: if_tap: the kernel module is not loaded; load it with `modprobe if_tap`\n"),
              f"exit status and output of {words}")
    equal(os.path.exists("/dev/tap7"), False, "the node being made")
finally:
    module.load()
equal(link.run(TAPCTL, "help") != "", True, "help working all the same")
