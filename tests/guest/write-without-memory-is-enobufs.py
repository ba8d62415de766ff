# SPDX-License-Identifier: BSD-2-Clause
"""
A write for which there is no memory gives ENOBUFS, reaches nobody and is counted as rx_nomem and as an error of
the interface, whichever allocation it is that fails, of a short frame's or of a long one's; the next is well.
"""
import errno
import os
import pathlib

import frame
import link
import packet
import tap
from check import equal, raises

ALLOCATIONS = [("skb_page_frag_refill", 64), ("build_skb", 64), ("build_skb", 1514), ("alloc_skb_with_frags", 9000)]
MODULE = pathlib.Path(os.environ["IF_TAP_KO"]).parent / "nomem/nomem.ko"

link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    before, errors = link.counters("tap0"), link.statistics("tap0")["rx.errors"]
    with packet.Capture("tap0") as capture:
        for function, length in ALLOCATIONS:
            link.run("insmod", MODULE, f"function={function}", f"pid={os.getpid()}")
            try:
                for _ in range(3):
                    raises(errno.ENOBUFS, unit.write, frame.random(length))
            finally:
                link.run("rmmod", "nomem")
            sent = frame.random(length)
            equal(unit.write(sent), length, "a write with memory")
            equal(capture.receive(), sent, "the frame written")
        equal(capture.drain(), [], "more frames")
    lengths = [length for _, length in ALLOCATIONS]
    counted = {"rx_nomem": 3 * len(lengths), "rx_packets": len(lengths), "rx_bytes": sum(lengths)}
    equal(link.counted("tap0", before), counted, "what was counted")
    equal(link.statistics("tap0")["rx.errors"] - errors, 3 * len(lengths), "the interface's errors")
