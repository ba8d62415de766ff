# SPDX-License-Identifier: BSD-2-Clause
"""
An armed eventfd is signalled too when no frame will come any more: the ring is broken, or the interface deleted.
"""
import pathlib

import link

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "build/tests/guest/ring-lib"

link.quiet()
print(link.run(PROGRAM, "signalled-at-the-end"))
