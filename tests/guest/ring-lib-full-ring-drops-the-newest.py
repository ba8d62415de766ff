# SPDX-License-Identifier: BSD-2-Clause
"""
Through libiftap: an outbound ring that nobody empties keeps the frames that fit to the last byte, the rest is
dropped and counted; a full inbound ring is ENOBUFS until it is submitted, a frame too long for it EMSGSIZE.
"""
import link
from programs import RING_LIB

link.quiet()
print(link.run(RING_LIB, "full"))
