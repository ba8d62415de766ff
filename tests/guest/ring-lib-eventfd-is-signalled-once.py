# SPDX-License-Identifier: BSD-2-Clause
"""
An armed eventfd is signalled once, by the first frame after arming and by no other, and arming with a frame
there says so.
"""
import link
from programs import RING_LIB

link.quiet()
print(link.run(RING_LIB, "signalled-once"))
