# SPDX-License-Identifier: BSD-2-Clause
# timeout: 200
"""
With back-pressure, a sender faster than the program loses none of 20,000 frames, and the queue never stops for
good: no frame takes a second.
"""
import pathlib

import link

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "build/tests/guest/ring-lib"

link.quiet()
print(link.run(PROGRAM, "back-pressure"))
