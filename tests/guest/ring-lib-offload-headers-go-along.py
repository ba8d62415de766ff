# SPDX-License-Identifier: BSD-2-Clause
"""
A program that takes checksum offload gets frames with the sum left to do and finishes it; the stack finishes
what the program leaves to do, and cuts a UDP frame into its datagrams. Frames carry the time they were sent at.
"""
import pathlib

import link

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "build/tests/guest/ring-lib"

link.quiet()
print(link.run(PROGRAM, "offload"))
