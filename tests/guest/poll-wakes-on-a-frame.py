# SPDX-License-Identifier: BSD-2-Clause
"""
poll, select and epoll say writable always and readable while a frame waits. Whoever sleeps in them wakes when
the first frame comes; edge-triggered epoll tells of each frame that comes to an empty queue.
"""
import select

import frame
import link
import packet
import proc
import tap
from check import equal, wait_for

IN = select.POLLIN | select.POLLRDNORM
OUT = select.POLLOUT | select.POLLWRNORM
link.quiet()
with tap.Tap() as unit:
    equal(unit.poll(events=IN | OUT), OUT, "poll while down")
    link.up("tap0")
    equal(unit.poll(events=IN | OUT), OUT, "poll without a frame")
    packet.send("tap0", frame.numbered(1))
    equal(unit.poll(events=IN | OUT), IN | OUT, "poll with a frame")
    equal(select.select([unit], [unit], [unit], 0), ([unit], [unit], []), "select with a frame")
    unit.read()
    equal(unit.poll(events=IN | OUT), OUT, "poll after the read")

    epoll = select.epoll()
    epoll.register(unit, select.EPOLLIN)
    waiters = {
        "poll": lambda: unit.poll(30),
        "select": lambda: select.select([unit], [], [], 30)[0],
        "epoll_wait": lambda: epoll.poll(30),
    }
    for name, wait in waiters.items():
        waiter = proc.Thread(wait)
        calls = {"select": ("select", "pselect6")}.get(name, (name,))
        wait_for(lambda: waiter.tid and any(proc.sleeps_in(waiter.tid, c) for c in calls), f"{name} sleeps")
        packet.send("tap0", frame.numbered(2))
        expected = {"poll": select.POLLIN, "select": [unit], "epoll_wait": [(unit.fd, select.EPOLLIN)]}
        equal(waiter.result(10), expected[name], f"what {name} says")
        unit.read()

    epoll.modify(unit, select.EPOLLIN | select.EPOLLET)
    equal(epoll.poll(0), [], "an edge without a frame")
    for n in range(5):
        packet.send("tap0", frame.numbered(n))
        equal(epoll.poll(10), [(unit.fd, select.EPOLLIN)], "the edge of a frame")
        equal(epoll.poll(0), [], "a second edge of the same frame")
        unit.read()
    epoll.close()
