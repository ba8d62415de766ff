# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl list is complete when there are more interfaces than fit into one netlink message.
"""
# timeout: 180
import json

import link
from check import equal
from programs import TAPCTL

COUNT = 1000
with open("batch", "w", encoding="ascii") as f:
    for n in range(100, 100 + COUNT):
        f.write(f"link add tap{n} type if_tap\n")
link.run("ip", "-batch", "batch")
entries = json.loads(link.run(TAPCTL, "-j", "list"))
equal(sorted(entry["unit"] for entry in entries), list(range(100, 100 + COUNT)), "the numbers listed")
equal(len(link.run(TAPCTL, "list").splitlines()), COUNT + 1, "the number of lines")
