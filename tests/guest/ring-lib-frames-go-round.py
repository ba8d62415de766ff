# SPDX-License-Identifier: BSD-2-Clause
"""
Through libiftap, 3,000 frames of all lengths go round rings of 64 KiB in each direction, over their end many
times, and arrive in order and byte for byte.
"""
import pathlib

import link

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "build/tests/guest/ring-lib"

link.quiet()
print(link.run(PROGRAM, "wrap"))
