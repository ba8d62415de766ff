# SPDX-License-Identifier: BSD-2-Clause
"""
A program that writes impossible positions or records into its ring has it broken: each verb of libiftap says
EBADMSG, waiting ends, and a new ring after closing works. While there is a ring, read() is EBUSY.
"""
import pathlib

import link

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "build/tests/guest/ring-lib"

link.quiet()
print(link.run(PROGRAM, "broken"))
