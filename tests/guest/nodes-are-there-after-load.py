# SPDX-License-Identifier: BSD-2-Clause
# netns: init
"""
Loading makes /dev/tap, /dev/tap0, /dev/tap1, /dev/vmnet0 and /dev/vmnet1, root's and nobody else's, with the
minor numbers of the clone and of the units, and no interface.
"""
import glob
import os
import stat

import abi
import link
import module
import tap
from check import equal

EXPECTED = {"/dev/tap": abi.MINOR_CLONE, "/dev/tap0": 0, "/dev/tap1": 1,
            "/dev/vmnet0": abi.MINOR_VMNET, "/dev/vmnet1": abi.MINOR_VMNET + 1}
module.restore()
try:
    equal(sorted(glob.glob("/dev/tap*") + glob.glob("/dev/vmnet*")), sorted(EXPECTED), "the nodes")
    for path, minor in EXPECTED.items():
        node = os.stat(path)
        equal(oct(node.st_mode), oct(stat.S_IFCHR | 0o600), f"the mode of {path}")
        equal((node.st_uid, node.st_gid), (0, 0), f"the owner and group of {path}")
        equal((os.major(node.st_rdev), os.minor(node.st_rdev)), (tap.major(), minor), f"the device of {path}")
    equal([n for n in link.names() if n.startswith(("tap", "vmnet"))], [], "the interfaces")
finally:
    module.restore()
