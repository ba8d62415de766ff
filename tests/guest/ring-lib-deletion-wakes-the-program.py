# SPDX-License-Identifier: BSD-2-Clause
"""
Deleting the interface wakes a program that sleeps in iftap_wait(), and each verb then says EHOSTDOWN.
"""
import pathlib

import link

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "build/tests/guest/ring-lib"

link.quiet()
print(link.run(PROGRAM, "gone"))
