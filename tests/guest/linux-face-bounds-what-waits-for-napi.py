# SPDX-License-Identifier: BSD-2-Clause
"""
With IFF_NAPI no more than 1,000 frames wait for the stack, however long it does not come to them: the others are
dropped and counted as rx_napi_full. The interface's NAPI has a thread here, kept from its only processor by the writer.
"""
import os
import pathlib

import frame
import link
import packet
import tun
import tunabi
from check import equal

WAIT, MORE = 1000, 300
link.quiet()


def thread_of(name):
    """The process number of an interface's NAPI thread."""
    for entry in pathlib.Path("/proc").glob("[0-9]*/comm"):
        if entry.read_text().startswith(f"napi/{name}-"):
            return int(entry.parent.name)
    raise RuntimeError(f"{name} has no NAPI thread")


with tun.Tun("tap0", more=tunabi.IFF_NO_PI | tunabi.IFF_NAPI) as unit:
    link.up("tap0")
    pathlib.Path("/sys/class/net/tap0/threaded").write_text("1")
    os.sched_setaffinity(thread_of("tap0"), {0})
    os.sched_setaffinity(0, {0})
    before = link.counters("tap0")
    with packet.Capture("tap0") as capture:
        frames = [frame.numbered(n) for n in range(WAIT + MORE)]
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        for data in frames:
            unit.write(data)
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
        for data in frames[:WAIT]:
            equal(capture.receive(), data, "a frame the stack receives")
        equal(capture.drain(), [], "more frames")
    counted = link.counted("tap0", before)
    equal((counted["rx_packets"], counted["rx_napi_full"]), (WAIT, MORE), "frames received, and dropped")
