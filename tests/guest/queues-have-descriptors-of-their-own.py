# SPDX-License-Identifier: BSD-2-Clause
"""
A unit made with several queues gives queue 0 to who opens it and the others by TAPQUEUE: close-on-exec, each
once (EBUSY), none beyond their number (EINVAL). Frames come out of the queue the stack chose, each exactly
once; exclusive open stays; the unit is closed with the last of them, rings can be on each.
"""
import errno
import fcntl
import socket
import struct

import abi
import frame
import link
import packet
import proc
import ring
import tap
from check import equal, raises, true, wait_for

link.quiet()
link.run("ip", "link", "add", "tap0", "numtxqueues", 4, "numrxqueues", 4, "type", "if_tap")
with tap.Tap() as unit:
    for index in (-1, 4, 1 << 30):
        raises(errno.EINVAL, tap.Queue, unit, index)
    raises(errno.EBUSY, tap.Queue, unit, 0)
    raises(errno.EFAULT, proc.raw_ioctl, unit.fd, abi.TAPQUEUE, 8)
    others = [tap.Queue(unit, index) for index in (1, 2, 3)]
    true(all(fcntl.fcntl(q.fd, fcntl.F_GETFD) & fcntl.FD_CLOEXEC for q in others), "they are close-on-exec")
    raises(errno.EBUSY, tap.Queue, unit, 2)
    raises(errno.EBUSY, tap.Tap)
    link.up("tap0", "10.0.0.1/24")
    link.ip("neigh", "add", "10.0.0.2", "lladdr", "02:00:00:00:00:02", "dev", "tap0")
    for port in range(2000, 2200):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.sendto(str(port).encode(), ("10.0.0.2", port))
    got = [q.drain() for q in (unit, *others)]
    ports = sorted(struct.unpack("!H", f[36:38])[0] for frames in got for f in frames)
    equal(ports, list(range(2000, 2200)), "the datagrams of all queues")
    true(sum(1 for frames in got if frames) > 1, "more than one queue got some")

    with packet.Capture("tap0") as capture:
        for i, q in enumerate((unit, *others)):
            q.write(frame.numbered(i))
            equal(frame.number(capture.receive()), i, "a frame written to a queue")

    rings = [ring.Ring(q) for q in others]
    with packet.Capture("tap0") as capture:
        for i, r in enumerate(rings):
            r.send(frame.numbered(i))
            equal(frame.number(capture.receive()), i, "a frame put into a queue's ring")
    for r in rings:
        r.unmap()
    unit.close()
    true(link.is_up("tap0"), "the unit is open while a queue has a descriptor")
    raises(errno.EBUSY, tap.Tap)
    link.ip("link", "del", "dev", "tap0")
    raises(errno.EHOSTDOWN, tap.Queue, others[0], 1)
    for q in others:
        q.close()

link.run("ip", "link", "add", "tap0", "numtxqueues", 2, "type", "if_tap")
with tap.Tap() as unit:
    link.up("tap0")
    with tap.Queue(unit, 1) as q:
        q.write(frame.random(60))
wait_for(lambda: not link.is_up("tap0"), "tap0 goes down")
true("256" in link.ip_fails("link", "add", "tap9", "numtxqueues", 257, "type", "if_tap"), "257 queues are too many")
