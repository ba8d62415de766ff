# SPDX-License-Identifier: BSD-2-Clause
"""
A program that takes checksum offload gets frames with the sum left to do and finishes it; the stack finishes
what the program leaves to do, and cuts a UDP frame into its datagrams. Frames carry the time they were sent at.
"""
import link
from programs import RING_LIB

link.quiet()
print(link.run(RING_LIB, "offload"))
