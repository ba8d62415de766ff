# SPDX-License-Identifier: BSD-2-Clause
"""
write() of no bytes returns 0 and makes no frame, as does writev() of empty parts; nor is it looked at where they
would be, nor anything counted.
"""
import os

import link
import packet
import proc
import tap
from check import equal

link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    before = link.counters("tap0")
    with packet.Capture("tap0") as capture:
        equal(unit.write(b""), 0, "a write of nothing")
        equal(proc.raw_write(unit.fd, proc.bad_address(), 0), 0, "a write of nothing from nowhere")
        equal(os.writev(unit.fd, [b"", b""]), 0, "a writev of nothing")
        equal(capture.drain(), [], "the frames captured")
    equal(link.counted("tap0", before), {}, "what was counted")
