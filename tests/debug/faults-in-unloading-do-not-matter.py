# SPDX-License-Identifier: BSD-2-Clause
"""
Each allocation that rmmod makes with units in use a moment ago fails once: it unloads all the same, and every unit
is gone.
"""
# timeout: 600
import faults

faults.inject("rmmod")
