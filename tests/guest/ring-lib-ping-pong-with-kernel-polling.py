# SPDX-License-Identifier: BSD-2-Clause
# timeout: 900
"""
With the kernel looking for inbound records itself for 100 microseconds before it sleeps, a frame goes to and fro
20,000 times, and neither side sleeps over the other's turn.
"""
import link
from programs import RING_LIB

link.quiet()
print(link.run(RING_LIB, "ping-pong-kernel-poll"))
