# SPDX-License-Identifier: BSD-2-Clause
"""
An XDP program runs for one frame of a receive queue at a time, as with other drivers, whoever writes: several threads
on one descriptor, descriptors of several queues where the interface has one receive queue, and whether the frame is
written, when it meets the program natively, or comes in a batch. The program counts as no program may that runs twice
at once: it reads, loses time, and writes one more.
"""
import bpf
import frame
import link
import proc
import tap
from check import equal
from offload import Batch

TURNS, FRAMES = 20_000, 3_000
link.quiet()
link.ip("link", "add", "tap0", "numtxqueues", 2, "type", "if_tap")
counter = bpf.counter()
total = 0


def write(unit):
    """Frames one by one."""
    for _ in range(FRAMES):
        unit.write(frame.numbered(1))


def send(unit):
    """Frames in batches."""
    batch = Batch([frame.numbered(2)] * 20)
    for _ in range(FRAMES // 20):
        equal(batch.send(unit), 20, "frames taken")


with tap.Tap() as unit:
    link.up("tap0")
    with tap.Queue(unit, 1) as other, bpf.Xdp("tap0", bpf.counts_slowly(counter, TURNS)):
        for what, threads in {
                "two threads write to a queue": ((write, unit), (write, unit)),
                "two queues are written to": ((write, unit), (write, other)),
                "one queue is written to and one has batches": ((write, other), (send, unit)),
        }.items():
            for thread in [proc.Thread(*call) for call in threads]:
                thread.result()
            total += 2 * FRAMES
            equal(bpf.count(counter), total, f"frames counted after {what}")
    equal(link.counters("tap0")["rx_xdp"], total, "frames the program kept")
