# SPDX-License-Identifier: BSD-2-Clause
"""
Each allocation of a packet socket sending through a unit fails once, with a reader and with a ring: the frame is
lost at most, and the next goes through.
"""
# timeout: 600
import faults

faults.inject("transmit-short", "transmit-long", "transmit-to-ring")
