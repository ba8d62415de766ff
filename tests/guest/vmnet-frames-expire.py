# SPDX-License-Identifier: BSD-2-Clause
# netns: init
"""
A closed vmnet holds a frame for vmnet_hold seconds. Later it is gone at the next open, or makes room for a new
one when the queue is full, counted as tx_expired. While the vmnet is open no frame expires; with vmnet_hold=0
none ever does.
"""
import os
import time

import frame
import link
import packet
import proc
import tap
from check import equal, true, wait_for

HOLD = 1


def older_than(seconds):
    """Wait until what was sent now is older than that."""
    end = time.monotonic() + seconds
    wait_for(lambda: time.monotonic() > end, "time passes")


def send(*numbers):
    """Frames with these numbers."""
    packet.send("vmnet0", *(frame.numbered(n) for n in numbers))


def reopen():
    """The numbers of the frames the next opener gets."""
    with tap.Tap(kind="vmnet") as unit:
        return [frame.number(f) for f in unit.drain()]


host = proc.Netns(os.open("/proc/self/ns/net", os.O_RDONLY))    # the sysctl is there only
with link.Sysctl("net/link/tap/vmnet_hold", HOLD), proc.Netns():
    link.quiet()
    with tap.Tap(kind="vmnet") as unit:
        link.up("vmnet0")
        send(1)
        older_than(HOLD + 0.2)
        equal(unit.drain(), [frame.numbered(1)], "the frame that waited while open")
    equal(link.counters("vmnet0")["tx_expired"], 0, "tx_expired while open")

    with host:
        link.sysctl("net/link/tap/vmnet_hold", 60)
    send(*range(5))
    older_than(HOLD + 0.2)
    equal(reopen(), list(range(5)), "the frames kept while they are not too old")
    with host:
        link.sysctl("net/link/tap/vmnet_hold", HOLD)
    before = link.counters("vmnet0")
    send(*range(50))
    older_than(HOLD + 0.2)
    send(50, 51)
    equal(link.counted("vmnet0", before), {"tx_expired": 50}, "what was counted when new frames came")
    kept = reopen()
    true(set(kept) <= {50, 51}, f"the old frames are gone: {kept}")
    before = link.counters("vmnet0")
    send(1, 2, 3)
    older_than(HOLD + 0.2)
    equal(reopen(), [], "the frames of the next opener")
    equal(link.counted("vmnet0", before), {"tx_expired": 3}, "what was counted at open")
    equal(link.statistics("vmnet0")["tx.dropped"], link.counters("vmnet0")["tx_expired"], "the interface's drops")

    send(1, 2, 3)
    with host:
        link.sysctl("net/link/tap/vmnet_hold", 0)
    older_than(HOLD + 0.2)
    equal(reopen(), [1, 2, 3], "the frames with vmnet_hold=0")
