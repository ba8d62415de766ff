# SPDX-License-Identifier: BSD-2-Clause
"""
When its answer cannot be written tapctl says so and exits 1.
"""
import subprocess

import link
from check import equal
from programs import TAPCTL

link.ip("link", "add", "vmnet0", "type", "if_tap")
for words in (("list",), ("-j", "list"), ("show", "vmnet0"), ("help",), ("monitor", "vmnet0", "interval", "0.05")):
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([TAPCTL, *words], stdout=full, stderr=subprocess.PIPE, text=True, timeout=20, check=False)
    equal((done.returncode, done.stderr), (1, "tapctl: standard output: No space left on device; the answer is not complete\n"),
          f"exit status and words of {words}")
