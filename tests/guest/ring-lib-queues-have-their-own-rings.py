# SPDX-License-Identifier: BSD-2-Clause
"""
A unit of two queues: each has a ring of its own, what either sends the stack has, what the stack sends arrives
in one or the other, a queue opens once, and the unit works on when the first is closed.
"""
import link
import tap
from programs import RING_LIB

link.quiet()
link.ip("link", "add", "tap2", "numtxqueues", "2", "numrxqueues", "2", "type", "if_tap")
print(link.run(RING_LIB, "queues", tap.node("tap", 2)))
