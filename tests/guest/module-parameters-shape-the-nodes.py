# SPDX-License-Identifier: BSD-2-Clause
# netns: init
"""
taps= and vmnets= say how many nodes there are, node_mode=, node_uid= and node_gid= whose they are, and
major=149 brings the original's major number back; each also readable in /sys/module.
"""
import glob
import os
import stat

import module
import tap
from check import equal, true


def nodes():
    """{path: (mode, uid, gid)}"""
    found = glob.glob("/dev/tap*") + glob.glob("/dev/vmnet*")
    stats = {path: os.stat(path) for path in found}
    return {path: (stat.S_IMODE(s.st_mode), s.st_uid, s.st_gid) for path, s in stats.items()}


def named(taps, vmnets):
    """The paths expected."""
    return sorted(["/dev/tap"] + [f"/dev/tap{n}" for n in range(taps)] + [f"/dev/vmnet{n}" for n in range(vmnets)])


try:
    with module.Reloaded("taps=0", "vmnets=0"):
        equal(sorted(nodes()), named(0, 0), "the nodes with taps=0 vmnets=0")
    with module.Reloaded("taps=12", "vmnets=3", "node_mode=0660", "node_uid=7", "node_gid=1000"):
        equal(sorted(nodes()), named(12, 3), "the nodes with taps=12 vmnets=3")
        equal(set(nodes().values()), {(0o660, 7, 1000)}, "mode and owners")
        with tap.Tap(11) as unit:
            equal(unit.ifname(), "tap11", "the name of the interface of the last node")
        with open("/sys/module/if_tap/parameters/taps", encoding="ascii") as f:
            equal(f.read(), "12\n", "what /sys/module says")
    with module.Reloaded("vmnets=300", "taps=1"):
        equal(sorted(nodes()), named(1, 256), "the nodes with more vmnets than there are units")
    with module.Reloaded("major=149"):
        equal(tap.major(), 149, "the major number")
        equal(os.major(os.stat("/dev/tap0").st_rdev), 149, "the major number of /dev/tap0")
        with tap.Tap() as unit:
            equal(unit.ifname(), "tap0", "the name of the interface")
    module.unload()
    said = module.link.run("insmod", os.environ["IF_TAP_KO"], "major=1", check=False)   # memory devices'
    true(said.returncode != 0 and not module.loaded(), "a major number that is taken is refused")
    equal(nodes(), {}, "the nodes after a refused load")
finally:
    module.restore()
