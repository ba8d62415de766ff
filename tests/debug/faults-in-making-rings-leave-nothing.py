# SPDX-License-Identifier: BSD-2-Clause
"""
Each allocation of making a ring, mapping it, its doorbell and poll() on it fails once: no ring is there and nothing
is charged for it, and the next attempt makes one; or the call works all the same.
"""
# timeout: 600
import faults

faults.inject("ring", "ring-polled", "ring-map", "ring-doorbell", "ring-poll")
