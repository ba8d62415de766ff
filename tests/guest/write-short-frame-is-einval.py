# SPDX-License-Identifier: BSD-2-Clause
"""
A write of 1 to 13 bytes, less than an Ethernet header, gives EINVAL, reaches nobody and is counted as rx_short
and as an error of the interface; 14 bytes are a frame.
"""
import errno

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
        whole = frame.ethernet()
        for length in range(1, 14):
            raises(errno.EINVAL, unit.write, whole[:length])
        equal(unit.write(whole), 14, "a write of 14 bytes")
        equal(capture.receive(), whole, "the frame of 14 bytes")
        equal(capture.drain(), [], "more frames")
    counted = {"rx_short": 13, "rx_packets": 1, "rx_bytes": 14}
    equal(link.counted("tap0", before), counted, "what was counted")
    equal(link.statistics("tap0")["rx.errors"] - errors, 13, "the interface's errors")
