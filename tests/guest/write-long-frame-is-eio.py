# SPDX-License-Identifier: BSD-2-Clause
"""
A write of more than 16384 bytes gives EIO, reaches nobody and is counted as rx_long and as an error of the
interface; 16384 bytes are a frame.
"""
import errno

import abi
import frame
import link
import packet
import tap
from check import equal, raises

link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    before, errors = link.counters("tap0"), link.statistics("tap0")["rx.errors"]
    with packet.Capture("tap0") as capture:
        for length in (abi.MRU + 1, abi.MRU + 14, 65535, 65536, 1 << 20):
            raises(errno.EIO, unit.write, frame.random(length))
        longest = frame.random(abi.MRU)
        equal(unit.write(longest), abi.MRU, "a write of the longest frame")
        equal(capture.receive(), longest, "the longest frame")
        equal(capture.drain(), [], "more frames")
    counted = {"rx_long": 5, "rx_packets": 1, "rx_bytes": abi.MRU}
    equal(link.counted("tap0", before), counted, "what was counted")
    equal(link.statistics("tap0")["rx.errors"] - errors, 5, "the interface's errors")
