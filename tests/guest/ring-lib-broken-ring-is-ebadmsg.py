# SPDX-License-Identifier: BSD-2-Clause
"""
A program that writes impossible positions or records into its ring has it broken: each verb of libiftap says
EBADMSG, waiting ends, and a new ring after closing works. While there is a ring, read() is EBUSY.
"""
import link
from programs import RING_LIB

link.quiet()
print(link.run(RING_LIB, "broken"))
