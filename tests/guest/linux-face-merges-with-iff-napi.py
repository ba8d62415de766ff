# SPDX-License-Identifier: BSD-2-Clause
"""
With IFF_NAPI what is written goes through GRO: segments of a TCP stream in one batch reach the stack as one packet.
Without it they stay single. Written one by one they arrive too, and a detached queue refuses them.
"""
import errno

import frame
import link
import offload
import packet
import tun
import tunabi
from check import equal, raises

COUNT, SIZE = 8, 100
link.quiet()


def received(more):
    """The lengths of what the stack receives of a batch."""
    with tun.Tun("tap0", more=more | tunabi.IFF_NO_PI | tunabi.IFF_MULTI_QUEUE) as unit:
        link.up("tap0")
        mac = link.mac("tap0")
        with packet.Capture("tap0") as capture:
            segments = [frame.tcp_segment(n, bytes([n]) * SIZE, mac) for n in range(COUNT)]
            equal(offload.Batch(segments).send(unit), COUNT, "frames sent")
            lengths = [len(capture.receive())]
            while sum(n - 54 for n in lengths) < COUNT * SIZE:
                lengths.append(len(capture.receive()))
            for n in range(3):
                unit.write(frame.numbered(n))
                equal(capture.receive(), frame.numbered(n), "what is written")
            unit.queue(tunabi.IFF_DETACH_QUEUE)
            if more & tunabi.IFF_NAPI:
                raises(errno.EBUSY, unit.write, frame.numbered(4))
            unit.queue(tunabi.IFF_ATTACH_QUEUE)
            unit.write(frame.numbered(5))
            equal(capture.receive(), frame.numbered(5), "what is written when it is attached again")
        return lengths


equal(received(tunabi.IFF_NAPI), [54 + COUNT * SIZE], "with IFF_NAPI")
equal(received(0), [54 + SIZE] * COUNT, "without")
