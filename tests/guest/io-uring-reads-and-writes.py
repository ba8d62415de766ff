# SPDX-License-Identifier: BSD-2-Clause
"""
io_uring on a descriptor without O_NONBLOCK: writes complete at once, reads wait for frames in the kernel, each
frame completes one of them, and io_uring never starts a worker thread that would block for us.
"""
import errno

import frame
import link
import packet
import tap
import uring
from check import equal

link.quiet()
with tap.Tap() as unit, uring.Ring() as ring:
    link.up("tap0")
    with packet.Capture("tap0") as capture:
        buffers = [bytearray(frame.numbered(n)) for n in range(10)] + [bytearray(5), bytearray(17000)]
        for tag, buffer in enumerate(buffers):
            ring.submit(uring.OP_WRITE, unit.fd, buffer, tag)
        expected = {tag: 64 for tag in range(10)} | {10: -errno.EINVAL, 11: -errno.EIO}
        equal(ring.completed(), expected, "the writes, complete without waiting")
        equal([frame.number(f) for f in capture.drain()], list(range(10)), "the frames written")
    equal(uring.workers(), [], "worker threads after the writes")

    buffers = [bytearray(2000) for _ in range(8)]
    for tag, buffer in enumerate(buffers):
        ring.submit(uring.OP_READ, unit.fd, buffer, tag)
    equal(ring.completed(), {}, "the reads, complete without a frame")
    equal(uring.workers(), [], "worker threads while reads wait")
    packet.send("tap0", *(frame.numbered(n, 100 + n) for n in range(8)))
    done = ring.wait(8)
    equal(sorted(done.values()), [100 + n for n in range(8)], "the lengths read")
    got = sorted((bytes(buffers[tag][:length]) for tag, length in done.items()), key=frame.number)
    equal(got, [frame.numbered(n, 100 + n) for n in range(8)], "the frames read")

    packet.send("tap0", frame.numbered(1))
    ring.submit(uring.OP_READ, unit.fd, buffers[0], 77)
    equal(ring.completed(), {77: 64}, "a read of a frame that waits")
    ring.submit(uring.OP_READ, unit.fd, buffers[0], 78)
    link.ip("link", "del", "dev", "tap0")
    equal(ring.wait(1), {78: -errno.EHOSTDOWN}, "a read that waits when the unit is destroyed")
    equal(uring.workers(), [], "worker threads at the end")
