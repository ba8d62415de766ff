# SPDX-License-Identifier: BSD-2-Clause
"""
Each allocation that closing a unit makes fails once, of one with addresses, of one with a ring, and of the clone:
it is closed all the same and can be opened again.
"""
# timeout: 600
import faults

faults.inject("close", "close-with-ring", "close-clone")
