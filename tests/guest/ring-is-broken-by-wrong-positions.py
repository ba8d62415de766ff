# SPDX-License-Identifier: BSD-2-Clause
"""
Positions that cannot be, and records that are not whole, mark the ring broken: its state says so, poll() gives
POLLERR, ioctls EBADMSG, and frames are dropped and counted, both ways, until the descriptor is closed. Then
the unit is as good as new. The kernel's log stays silent, which the runner sees to.
"""
import errno
import select

import abi
import frame
import link
import packet
import ring
import tap
from check import equal, raises, true, wait_for

OUT = {"one byte": 1, "not aligned": 8, "beyond the producer": 1 << 20, "far beyond": 1 << 63,
       "behind": -16, "the end of numbers": (1 << 64) - 16}
IN = {"one byte": 1, "not aligned": 8, "more than the ring": ring.SIZE + 16, "far more": 1 << 63,
      "behind": -16, "half a header": 16}
LENGTHS = {"beyond what is published": 100, "beyond the ring": ring.SIZE, "the largest number": (1 << 32) - 1,
           "nearly that": (1 << 32) - 33}


def check_broken(unit, r):
    """All that is to be seen of a broken ring."""
    equal(r.state(), ring.BROKEN, "the ring's state")
    true(unit.poll() & select.POLLERR, "poll() gives POLLERR")
    for command in (abi.TAPDOORBELL, abi.TAPGIFINFO, abi.TAPSRING):
        raises(errno.EBADMSG, unit.ioctl, command, bytearray(32))
    before = link.counters("tap0")
    packet.send("tap0", frame.numbered(1), frame.numbered(2))
    equal(link.counted("tap0", before), {"tx_ring_broken": 2}, "what is counted for a broken ring")


def outbound(value):
    """Write @value as the outbound consumer, with two records there, and fill the ring so that it is read."""
    with tap.Tap() as unit:
        r = ring.Ring(unit)
        link.up("tap0")
        packet.send("tap0", frame.random(1000), frame.random(1000))
        r.set(ring.OUT_CONSUMER, value)
        packet.send("tap0", *[frame.random(1000) for _ in range(ring.SIZE // 1000)])
        check_broken(unit, r)
        r.unmap()


def inbound(value, header=None):
    """Write @value as the inbound producer."""
    with tap.Tap() as unit:
        r = ring.Ring(unit)
        link.up("tap0")
        before = link.counters("tap0")
        if header:
            r.put(b"\0" * 32, header, publish=False)
        r.set(ring.IN_PRODUCER, value)
        try:
            r.doorbell()
        except OSError as e:
            equal(e.errno, errno.EBADMSG, "what the doorbell fails with")
        wait_for(r.state, "the kernel looks")    # at once, or when ksoftirqd gets to it
        check_broken(unit, r)
        equal(link.counted("tap0", before), {"ring_doorbells": 1, "ring_broken": 1, "tx_ring_broken": 2},
              "all that is counted")
        r.unmap()


link.quiet()
for what, value in OUT.items():
    print(f"outbound consumer: {what}")
    outbound(value)
for what, value in IN.items():
    print(f"inbound producer: {what}")
    inbound(value)
for what, value in LENGTHS.items():
    print(f"record length: {what}")
    inbound(64, (value, 0, 0, 0, bytes(12), 0))
equal(link.counters("tap0")["ring_broken"], len(OUT) + len(IN) + len(LENGTHS), "rings counted as broken")

with tap.Tap() as unit:
    r = ring.Ring(unit)
    link.up("tap0")
    packet.send("tap0", frame.numbered(3))
    equal(r.take(), [frame.numbered(3)], "a frame through a new ring")
