# SPDX-License-Identifier: BSD-2-Clause
"""
Every two of some two dozen actions on a unit go on at once, from open and read to ring traffic, rename, the end of
a namespace and rmmod: nobody hangs, the kernel says nothing, and at the end no unit, reference or charge is left.
"""
# timeout: 900
import os

import faults

# Milliseconds for each pair.
faults.run("race", os.environ.get("IFTAP_RACE", 500))
