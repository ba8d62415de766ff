# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
Who sleeps in read, poll or epoll on /dev/net/tap is woken as on /dev/net/tun: by a frame, by the interface coming up
(it can be written then), by the deletion of the interface (EFAULT, later EBADFD, POLLERR), by the end of its
namespace; and not by a queue being detached.
"""
import os
import select

import facediff
import proc
from check import Failure, wait_for
from facespace import named
from tunabi import IFF_ATTACH_QUEUE, IFF_DETACH_QUEUE, IFF_MULTI_QUEUE, IFF_NO_PI, IFF_TAP

FRAME = bytes(range(100))
TAP = IFF_TAP | IFF_NO_PI


def reading(fd):
    """What a read comes to."""
    try:
        return os.read(fd, 2000)
    except OSError as e:
        return named(e.errno)


def sleeper(function, *args, call="read"):
    """A thread that sleeps in a system call."""
    thread = proc.Thread(function, *args)
    wait_for(lambda: proc.sleeps_in(thread.tid, call) or not thread.is_alive(), f"the thread is in {call}")
    if not thread.is_alive():
        raise Failure(f"a thread does not sleep, but has {thread.result()}")
    return thread


def make(face, slots=(0,), flags=TAP, up=True, nonblock=False):
    """An interface with these queues."""
    for slot in slots:
        face.open(slot, "rw", "home", nonblock)
        face.setiff(slot, "dif0", flags)
    if up:
        face.up("dif0")


def read_by_frame(face):
    """A frame wakes a reader; of several frames and readers each gets one."""
    make(face)
    thread = sleeper(reading, face.fd(0))
    face.send("dif0", FRAME)
    face.note_down("the reader", thread.result())
    threads = [sleeper(reading, face.fd(0)) for _ in range(3)]
    for n in range(3):
        face.send("dif0", FRAME[:20] + bytes([n]))
    face.note_down("three readers", sorted(t.result() for t in threads))


def read_by_deletion(face):
    """The deletion of the interface wakes readers with EFAULT; then it is EBADFD."""
    make(face)
    threads = [sleeper(reading, face.fd(0)) for _ in range(2)]
    face.delete("dif0")
    face.note_down("the readers", [t.result() for t in threads])
    face.read(0, (100,))
    face.poll(0)
    face.setiff(0, "dif1", TAP)
    face.up("dif1")
    thread = sleeper(reading, face.fd(0))
    face.send("dif1", FRAME)
    face.note_down("the reader of another interface", thread.result())


def read_of_a_detached_queue(face):
    """A reader sleeps on while his queue is detached, and gets what comes once it is attached; or the end."""
    make(face, (0, 1), TAP | IFF_MULTI_QUEUE)
    thread = sleeper(reading, face.fd(1))
    face.setqueue(1, IFF_DETACH_QUEUE)
    face.send("dif0", FRAME)
    face.read(0, (2000,)) if face.poll(0) != 0 else None
    face.note_down("the reader sleeps", proc.sleeps_in(thread.tid, "read"))
    face.setqueue(1, IFF_ATTACH_QUEUE)
    face.setqueue(0, IFF_DETACH_QUEUE)
    face.send("dif0", FRAME[::-1])
    face.note_down("the reader", thread.result())
    thread = sleeper(reading, face.fd(0))
    face.delete("dif0")
    face.note_down("the reader of the detached queue", thread.result())
    face.read(0, (100,))
    face.read(1, (100,))


def read_by_the_end_of_the_namespace(face):
    """The end of the namespace that the interface was moved to wakes a reader."""
    make(face)
    face.move("dif0", "other")
    face.up("dif0", "other")
    thread = sleeper(reading, face.fd(0))
    face.end_netns()
    face.note_down("the reader", thread.result())
    face.read(0, (100,))
    face.names()


def polling(fd, events):
    """What poll(2) says when it says something."""
    p = select.poll()
    p.register(fd, events)
    return [event for _, event in p.poll()]


def poll_by_anything(face):
    """poll is woken by a frame, by NETDEV_UP when it waits to write, and by the deletion."""
    make(face, up=False, nonblock=True)
    fd = face.fd(0)
    thread = sleeper(polling, fd, select.POLLOUT, call="poll")
    face.up("dif0")
    face.note_down("who waits to write", thread.result())
    thread = sleeper(polling, fd, select.POLLIN, call="poll")
    face.send("dif0", FRAME)
    face.note_down("who waits to read", thread.result())
    face.read(0, (2000,))
    thread = sleeper(polling, fd, select.POLLIN, call="poll")
    face.down("dif0")
    face.up("dif0")
    face.note_down("who waits to read sleeps on", proc.sleeps_in(thread.tid, "poll"))
    face.delete("dif0")
    face.note_down("who waits when it is deleted", thread.result())


def epoll_by_edges(face):
    """Edge-triggered epoll tells of each frame, of NETDEV_UP after EIO, and of the deletion."""
    make(face, nonblock=True)
    with select.epoll() as epoll:
        epoll.register(face.fd(0), select.EPOLLIN | select.EPOLLOUT | select.EPOLLET)
        events = lambda: [event for _, event in epoll.poll(0)]  # noqa: E731
        face.note_down("at first", events())
        face.note_down("and again", events())
        for _ in range(2):
            face.send("dif0", FRAME)
            face.note_down("after a frame", events())
        face.note_down("and again", events())
        face.read(0, (2000,))
        face.note_down("after a read", events())
        face.read(0, (2000,))
        face.read(0, (2000,))
        face.down("dif0")
        face.write(0, (FRAME,))
        face.note_down("when down", events())
        face.up("dif0")
        face.note_down("when up", events())
        face.down("dif0")
        face.poll(0)
        face.up("dif0")
        face.note_down("when up after poll while down", events())
        face.delete("dif0")
        face.note_down("when deleted", events())


facediff.same(read_by_frame, read_by_deletion, read_of_a_detached_queue, read_by_the_end_of_the_namespace,
              poll_by_anything, epoll_by_edges)
