# SPDX-License-Identifier: BSD-2-Clause
# netns: init
"""
Frames a closed vmnet holds are for the user who had it open, and for an administrator. Another user, let in by
user_open, gets none: they are dropped and counted as tx_other_user.
"""
import os

import abi
import frame
import link
import packet
import proc
import tap
from check import equal, true

OTHER = 1001
true(not link.exists("vmnet77"), "no other test left vmnet77")
os.chmod(".", 0o755)
path = tap.make_node(abi.MINOR_VMNET + 77, mode=0o666)


def read_all():
    """As an opener sees it."""
    with tap.Tap(path=path) as unit:
        return [frame.number(f) for f in unit.drain()]


def send():
    """Three frames for the next opener, two that wait at close and one sent later."""
    packet.send("vmnet77", frame.numbered(1), frame.numbered(2), frame.numbered(3))


disabled = link.Sysctl("net/ipv6/conf/default/disable_ipv6", 1)
with link.Sysctl("net/link/tap/user_open", 1), link.Sysctl("net/link/tap/vmnet_hold", 0), disabled:
    try:
        equal(proc.in_child(read_all, uid=proc.USER), [], "the frames of a new unit")
        link.up("vmnet77")
        send()
        equal(proc.in_child(read_all, uid=proc.USER), [1, 2, 3], "the frames the same user gets")
        send()
        before = link.counters("vmnet77")
        equal(proc.in_child(read_all, uid=OTHER), [], "the frames another user gets")
        equal(link.counted("vmnet77", before), {"tx_other_user": 3}, "what was counted")
        equal(proc.in_child(read_all, uid=proc.USER), [], "the frames left for the first")
        send()
        equal(read_all(), [1, 2, 3], "the frames root gets")
        send()
        before = link.counters("vmnet77")
        equal(proc.in_child(read_all, uid=proc.USER), [], "root's frames that a user gets")
        equal(link.counted("vmnet77", before), {"tx_other_user": 3}, "what was counted")
        equal(link.statistics("vmnet77")["tx.dropped"], 6, "the interface's drops")
    finally:
        link.ip("link", "del", "dev", "vmnet77")
