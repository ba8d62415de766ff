# SPDX-License-Identifier: BSD-2-Clause
"""
poll() on a ring sleeps while it is empty and wakes on a frame; epoll too, edge-triggered as well. An eventfd
is signalled once, by the frame that goes beyond the position in out_wake, and not again until that is set
anew. Nobody is woken while nobody asked: ring_wakeups counts.
"""
import os
import select

import frame
import link
import packet
import proc
import ring
import tap
from check import equal, true, wait_for

link.quiet()
event = ring.eventfd()
with tap.Tap() as unit:
    r = ring.Ring(unit, eventfd=event)
    link.up("tap0")
    before = link.counters("tap0")
    r.set(ring.OUT_WAKE, (1 << 64) - 1)
    packet.send("tap0", *[frame.numbered(i) for i in range(50)])
    equal(link.counted("tap0", before).get("ring_wakeups", 0), 0, "wake-ups while nobody waits")
    true(unit.poll() & select.POLLIN, "poll() sees the frames that are there")
    equal(len(r.take()), 50, "frames")
    equal(unit.poll() & select.POLLIN, 0, "POLLIN of an empty ring")

    for turn in range(20):
        sleeper = proc.Thread(unit.poll, 20)
        wait_for(lambda: sleeper.tid and proc.sleeps_in(sleeper.tid, "poll"), "the poller sleeps")
        packet.send("tap0", frame.numbered(turn))
        true(sleeper.result() & select.POLLIN, "poll() wakes on a frame")
        equal(r.take(), [frame.numbered(turn)], "the frame")

    epoll = select.epoll()
    epoll.register(unit.fd, select.EPOLLIN | select.EPOLLET)
    for turn in range(5):
        packet.send("tap0", frame.numbered(turn))
        equal(epoll.poll(20), [(unit.fd, select.EPOLLIN)], "what edge-triggered epoll says of a frame")
        equal(epoll.poll(0), [], "what it says without another")
    epoll.close()
    r.take()

    before = link.counters("tap0")
    for turn in range(5):
        r.set(ring.OUT_WAKE, r.produced_by_kernel())
        packet.send("tap0", *[frame.numbered(i) for i in range(10)])
        equal(os.eventfd_read(event), 1, "signals for ten frames")
    r.take()
    equal(link.counted("tap0", before)["ring_wakeups"] <= 6, True, "wake-ups are one for each time it was asked for")
os.close(event)
