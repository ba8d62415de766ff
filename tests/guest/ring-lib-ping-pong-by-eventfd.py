# SPDX-License-Identifier: BSD-2-Clause
# timeout: 900
"""
A frame goes to and fro 20,000 times between a program with a ring that arms its eventfd and sleeps, and a
packet socket that sleeps in recv(); nobody sleeps over the other's turn, so no turn takes a second.
"""
import link
from programs import RING_LIB

link.quiet()
print(link.run(RING_LIB, "ping-pong-eventfd"))
