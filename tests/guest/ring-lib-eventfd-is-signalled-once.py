# SPDX-License-Identifier: BSD-2-Clause
"""
An armed eventfd is signalled once, by the first frame after arming and by no other, and arming with a frame
there says so.
"""
import pathlib

import link

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "build/tests/guest/ring-lib"

link.quiet()
print(link.run(PROGRAM, "signalled-once"))
