# SPDX-License-Identifier: BSD-2-Clause
"""
Frames too large for a program without offloads, which were queued when it had some, are dropped by a batch call and
counted, however many they are; it gives the frame that waits behind them, and is EAGAIN only when none does.
"""
import errno
import socket

import abi
import frame
import link
import packet
import tap
from check import equal, raises
from offload import ALL, DONTWAIT, Batch

LARGE = 50      # more than a batch call takes at a time
UDP_SEGMENT = 103
link.quiet()

with tap.Tap() as unit:
    unit.set(abi.TAPSOFFLOAD, ALL, form="I")
    link.up("tap0", "10.9.0.1/24")
    link.ip("neighbour", "add", "10.9.0.2", "lladdr", "02:00:00:00:00:02", "dev", "tap0")
    unit.drain()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.SOL_UDP, UDP_SEGMENT, 500)
        for _ in range(LARGE):
            sender.sendto(frame.PATTERN[:2000], ("10.9.0.2", 5002))
    unit.set(abi.TAPSOFFLOAD, 0, form="I")
    before = link.counters("tap0")
    sent = frame.numbered(7)
    packet.send("tap0", sent)

    equal(Batch(count=4).receive(unit, DONTWAIT), [sent], "the frames of a batch call")
    equal(link.counted("tap0", before).get("tx_no_header"), LARGE, "large frames that were dropped")
    raises(errno.EAGAIN, Batch(count=4).receive, unit, DONTWAIT)
