# SPDX-License-Identifier: BSD-2-Clause
"""
Each allocation of what ip(8), ethtool(8) and sysfs do with a unit fails once: adding, deleting, showing, bringing up,
renaming. The errno is one of those for want of memory, and the next attempt works. (A move to another namespace is
not pressed: halfway through, Linux warns of its own want of memory.)
"""
# timeout: 600
import faults

faults.inject("link-add", "link-del", "link-del-open", "link-get", "link-stats", "link-up", "link-mtu", "link-rename", "sysfs")
