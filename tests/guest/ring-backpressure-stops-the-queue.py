# SPDX-License-Identifier: BSD-2-Clause
"""
With TAP_RING_BACKPRESSURE a full ring stops the interface's queue: frames wait in the qdisc and none is lost;
the program sees out_need_wakeup, frees room, rings the doorbell, and they come. If it frees none for five
seconds the queue goes on and frames are dropped, counted as ring_stalled and tx_ring_full, until there is room.
"""
import socket

import frame
import link
import packet
import ring
import tap
from check import equal, true, wait_for

SO_SNDBUFFORCE = 32


link.quiet()
with tap.Tap() as unit:
    r = ring.Ring(unit, flags=ring.BACKPRESSURE)
    link.up("tap0")
    link.run("tc", "qdisc", "replace", "dev", "tap0", "root", "pfifo", "limit", 1000)
    before = link.counters("tap0")
    frames = [frame.numbered(i, 1000) for i in range(200)]
    with packet.Outlet("tap0") as outlet:
        # Else the sender sleeps once its socket's share of the qdisc is used up.
        outlet.socket.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 4 << 20)
        outlet.send(*frames)
        true(r.get(r.kernel, ring.OUT_NEED_WAKEUP, "I"), "the kernel wants the doorbell")
        got = r.take()
        true(0 < len(got) < 200, "the ring was full before all were sent")
        r.doorbell()
        while len(got) < 200:
            more = wait_for(r.take, "frames that waited in the qdisc come")
            got += more
            r.doorbell()
        equal(got, frames, "the frames")
        counted = link.counted("tap0", before)
        true(counted["ring_stopped"] >= 2, "the queue was stopped more than once")
        equal(counted.get("tx_ring_full", 0), 0, "frames dropped")

        outlet.send(*frames)
        wait_for(lambda: link.counted("tap0", before).get("ring_stalled"), "the kernel gives up waiting", 30)
        wait_for(lambda: link.counted("tap0", before).get("tx_ring_full"), "and drops")
        got = r.take()
        r.doorbell()
        equal(got, frames[:len(got)], "the frames that found room")
        outlet.send(frames[0])
        wait_for(lambda: frames[0] in r.take(), "a frame after room was made")
