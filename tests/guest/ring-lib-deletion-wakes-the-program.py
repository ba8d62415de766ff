# SPDX-License-Identifier: BSD-2-Clause
"""
Deleting the interface wakes a program that sleeps in iftap_wait(), and each verb then says EHOSTDOWN.
"""
import link
from programs import RING_LIB

link.quiet()
print(link.run(RING_LIB, "gone"))
