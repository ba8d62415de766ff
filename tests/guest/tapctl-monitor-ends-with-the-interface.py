# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl monitor follows an interface under its new name, and when it goes away says so and exits 1, even if
there is another of the same name at once.
"""
import subprocess

import link
from check import equal, true
from programs import TAPCTL

link.ip("link", "add", "vmnet0", "type", "if_tap")
with subprocess.Popen([TAPCTL, "monitor", "vmnet0", "interval", "0.1"], stdout=subprocess.PIPE,
                      stderr=subprocess.PIPE, text=True) as child:
    true(" vmnet0 in 0 frames/s" in child.stdout.readline(), "a line with the name")
    link.ip("link", "set", "dev", "vmnet0", "name", "renamed")
    for _ in range(100):
        if " renamed in 0 frames/s" in child.stdout.readline():
            break
    else:
        true(False, "a line with the new name")
    with open("batch", "w", encoding="ascii") as f:
        f.write("link del renamed\nlink add renamed type if_tap\n")
    link.run("ip", "-batch", "batch")
    _, err = child.communicate(timeout=20)
    equal((err, child.returncode), ("tapctl: renamed: the interface has gone\n", 1), "how it ends")
