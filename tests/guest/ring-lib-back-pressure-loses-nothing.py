# SPDX-License-Identifier: BSD-2-Clause
# timeout: 200
"""
With back-pressure, a sender faster than the program loses none of 20,000 frames, and the queue never stops for
good: no frame takes a second.
"""
import link
from programs import RING_LIB

link.quiet()
print(link.run(RING_LIB, "back-pressure"))
