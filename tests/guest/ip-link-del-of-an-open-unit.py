# SPDX-License-Identifier: BSD-2-Clause
"""
`ip link del` of a unit that is open succeeds at once. Sleepers in read and poll wake, with EHOSTDOWN, POLLHUP and
POLLERR; later calls give the same; frames that waited are gone. Closing is clean, the number is free before it,
and a unit made in its place is not disturbed by it.
"""
import errno
import select

import frame
import link
import packet
import proc
import tap
from check import equal, raises, true, wait_for

link.quiet()
for kind in ("tap", "vmnet"):
    unit = tap.Tap(kind=kind)
    name = unit.name
    link.up(name, "10.1.0.1/24")
    epoll = select.epoll()
    epoll.register(unit, select.EPOLLIN)
    sleepers = {"read": proc.Thread(unit.read), "poll": proc.Thread(unit.poll, 60),
                "epoll_wait": proc.Thread(epoll.poll, 60)}
    for call, thread in sleepers.items():
        wait_for(lambda c=call, t=thread: t.tid and proc.sleeps_in(t.tid, c), f"a thread sleeps in {call}")
    link.ip("link", "del", "dev", name)
    equal(link.names(), [], "the interfaces")
    raises(errno.EHOSTDOWN, sleepers["read"].result)
    true(sleepers["poll"].result() & (select.POLLHUP | select.POLLERR), "poll is told")
    equal(sleepers["epoll_wait"].result(), [(unit.fd, select.EPOLLHUP | select.EPOLLERR)], "what epoll is told")
    epoll.close()
    equal(unit.poll(events=select.POLLIN | select.POLLOUT), select.POLLHUP | select.POLLERR, "poll")
    raises(errno.EHOSTDOWN, unit.read)
    raises(errno.EHOSTDOWN, unit.read, 0)
    raises(errno.EHOSTDOWN, unit.write, frame.numbered(1))
    raises(errno.EHOSTDOWN, unit.write, b"")

    with tap.Tap(kind=kind) as second:
        link.up(name, "10.2.0.1/24")
        packet.send(name, frame.numbered(7))
        unit.close()
        equal(link.addresses(name), ["10.2.0.1/24"], "the addresses of the second after the first is closed")
        equal(second.drain(), [frame.numbered(7)], "the frames of the second")
        packet.send(name, frame.numbered(8))
        true(second.poll(), "a frame waits when the second is destroyed")
        link.ip("link", "del", "dev", name)
        equal(second.poll() & select.POLLIN, 0, "readable after it was destroyed")
        raises(errno.EHOSTDOWN, second.read)
