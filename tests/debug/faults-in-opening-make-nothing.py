# SPDX-License-Identifier: BSD-2-Clause
"""
Each allocation that opening a unit makes fails once, of one that is made by that, of one that is there, of the
clone and of a further queue: the open fails with ENOMEM or the like and makes nothing, or succeeds; the next works.
"""
# timeout: 600
import faults

faults.inject("open-new", "open-existing", "open-clone", "open-queue")
