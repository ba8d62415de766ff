# SPDX-License-Identifier: BSD-2-Clause
"""
With several queues a flow is read where it was last written, whichever queue that is; a BPF program can choose
instead; a queue that is detached gets nothing until it is attached again. Frames of many flows that nobody wrote
spread over all queues.
"""
import errno
import os
import struct

import bpf
import frame
import link
import packet
import tun
import tunabi
from check import equal, raises, true

QUEUES = 4
link.quiet()
more = tunabi.IFF_NO_PI | tunabi.IFF_MULTI_QUEUE
units = [tun.Tun("tap0", more=more, flags=os.O_NONBLOCK) for _ in range(QUEUES)]
link.up("tap0")


def flow(port, back=False):
    """A UDP packet of flow @port, or an answer to it."""
    ends = [("10.0.0.2", port), ("10.0.0.1", 9)]
    (source, source_port), (target, target_port) = reversed(ends) if back else ends
    return frame.ethernet(frame.udp(b"x" * 20, source, target, source_port, target_port), protocol=0x800)


def queue_of(one):
    """Send it out: by which queue does it come?"""
    packet.send("tap0", one)
    got = [i for i, unit in enumerate(units) if unit.drain() == [one]]
    equal(len(got), 1, "queues that got it")
    return got[0]


spread = {queue_of(flow(port, back=True)) for port in range(1000, 1064)}
equal(spread, set(range(QUEUES)), "the queues that 64 flows use")
for port in range(2000, 2016):
    for wanted in (port % QUEUES, (port + 1) % QUEUES):
        units[wanted].write(flow(port))
        equal(queue_of(flow(port, back=True)), wanted, f"where flow {port} is read")

# The byte of the destination address that the frames below count in.
program = bpf.load(bpf.SOCKET_FILTER, bpf.returns_byte(5))
units[0].set(tunabi.TUNSETSTEERINGEBPF, program)
for n in range(3 * QUEUES):
    equal(queue_of(frame.ethernet(to=bytes([2, 0, 0, 0, 0, n]))), n % QUEUES, f"where the program sends frame {n}")
units[0].set(tunabi.TUNSETSTEERINGEBPF, -1)
raises(errno.EBADF, units[0].set, tunabi.TUNSETSTEERINGEBPF, 999)

units[2].write(flow(3000))
equal(queue_of(flow(3000, back=True)), 2, "before it is detached")
units[2].queue(tunabi.IFF_DETACH_QUEUE)
raises(errno.EINVAL, units[2].queue, tunabi.IFF_DETACH_QUEUE)
true(queue_of(flow(3000, back=True)) != 2, "a detached queue gets nothing")
units[2].queue(tunabi.IFF_ATTACH_QUEUE)
units[2].write(flow(3000))
equal(queue_of(flow(3000, back=True)), 2, "after it is attached again")
flags = struct.unpack("H", units[2].ioctl(tunabi.TUNGETIFF, bytes(40))[16:18])[0]
equal(flags & tunabi.IFF_DETACH_QUEUE, 0, "TUNGETIFF's flag")
