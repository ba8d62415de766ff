# SPDX-License-Identifier: BSD-2-Clause
"""
iftap_recv() and iftap_send() move the same 300 frames through a ring, by the batch calls, and on a non-blocking
descriptor; a frame too long for its room is marked and its whole length told.
"""
import link
from programs import RING_LIB

link.quiet()
print(link.run(RING_LIB, "batch"))
