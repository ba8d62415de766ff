# SPDX-License-Identifier: BSD-2-Clause
"""
iftap_recv() and iftap_send() move the same 300 frames through a ring, by the batch calls, and on a non-blocking
descriptor; a frame too long for its room is marked and its whole length told.
"""
import pathlib

import link

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "build/tests/guest/ring-lib"

link.quiet()
print(link.run(PROGRAM, "batch"))
