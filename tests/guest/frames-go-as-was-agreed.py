# SPDX-License-Identifier: BSD-2-Clause
"""
What is left to do to a frame that waits goes to the program only if it has agreed to do that very thing when it reads:
a datagram to be cut up, queued while TAPSOFFLOAD had UDP segmentation, is dropped and counted when it has checksums
only, by read(), a batch call or a ring that takes over what waits; one to be summed goes on with its header, and is
summed by the kernel when there is no offload any more.
"""
import socket

import abi
import frame
import link
import ring
import tap
from check import equal
from offload import ALL, CSUM, DONTWAIT, HEADER, NEEDS_CSUM, Batch

UDP_SEGMENT = 103
LARGE, SMALL = frame.PATTERN[:2000], frame.PATTERN[:100]
link.quiet()


def waits(unit):
    """Have one to cut up wait, and one to sum."""
    unit.set(abi.TAPSOFFLOAD, ALL, form="I")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.SOL_UDP, UDP_SEGMENT, 500)
        sender.sendto(LARGE, ("10.9.0.2", 5002))
        sender.sendto(SMALL, ("10.9.0.2", 5002))


def by_read(unit):
    """The frames, each with its header."""
    unit.set(abi.TAPSVNETHDR, HEADER.size)
    got = unit.drain()
    unit.set(abi.TAPSVNETHDR, 0)
    return [(one[:HEADER.size], one[HEADER.size:]) for one in got]


def by_batch(unit):
    """The same."""
    batch = Batch(count=4, room=4000)
    got = batch.receive(unit, DONTWAIT)
    return [(bytes(entry.hdr), one) for entry, one in zip(batch.table, got)]


def by_ring(unit):
    """The same."""
    return [(header[4], one) for _, header, one in ring.Ring(unit).peek()]


with tap.Tap() as unit:
    link.up("tap0", "10.9.0.1/24")
    link.ip("neighbour", "add", "10.9.0.2", "lladdr", "02:00:00:00:00:02", "dev", "tap0")
    unit.drain()
    for way, agreed in (by_read, CSUM), (by_read, 0), (by_batch, CSUM), (by_batch, 0), (by_ring, CSUM):
        before = link.counters("tap0")
        waits(unit)
        unit.set(abi.TAPSOFFLOAD, agreed, form="I")
        got = way(unit)
        equal([one[42:] for _, one in got], [SMALL], f"what comes {way.__name__} after {agreed}")
        equal(HEADER.unpack(got[0][0])[0], NEEDS_CSUM if agreed else 0, f"its header's flags {way.__name__}")
        equal(link.counted("tap0", before).get("tx_no_header"), 1, f"frames dropped {way.__name__}")
