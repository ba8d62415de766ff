# SPDX-License-Identifier: BSD-2-Clause
"""
Through libiftap, 3,000 frames of all lengths go round rings of 64 KiB in each direction, over their end many
times, and arrive in order and byte for byte.
"""
import link
from programs import RING_LIB

link.quiet()
print(link.run(RING_LIB, "wrap"))
