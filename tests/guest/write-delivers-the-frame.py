# SPDX-License-Identifier: BSD-2-Clause
"""
Each write is one frame for the stack, exactly the bytes written, 14 to 16384 of them whatever the MTU, and
returns their number. writev(2) gathers one frame; the destination address does not matter.
"""
import os

import frame
import link
import packet
import tap
from check import equal

link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    with packet.Capture("tap0") as capture:
        for length in (14, 15, 59, 60, 61, 64, 1513, 1514, 1515, 3000, 4096, 8000, 16383, 16384):
            sent = frame.random(length)
            equal(unit.write(sent), length, f"what a write of {length} bytes returns")
            equal(capture.receive(), sent, f"the frame of {length} bytes")
        sent = frame.random(1000)
        parts = [sent[:7], sent[7:20], b"", sent[20:500], sent[500:]]
        equal(os.writev(unit.fd, parts), 1000, "what writev returns")
        equal(capture.receive(), sent, "the frame gathered")
        for to in (link.mac("tap0"), b"\x01\x00\x5e\x00\x00\x01", b"\x02\x99\x99\x99\x99\x99"):
            sent = frame.ethernet(b"whoever", to)
            equal(unit.write(sent), len(sent), "what a write returns")
            equal(capture.receive(), sent, f"the frame to {to.hex(':')}")
        equal(capture.drain(), [], "more frames")
