# SPDX-License-Identifier: BSD-2-Clause
"""
An armed eventfd is signalled too when no frame will come any more: the ring is broken, or the interface deleted.
"""
import link
from programs import RING_LIB

link.quiet()
print(link.run(RING_LIB, "signalled-at-the-end"))
