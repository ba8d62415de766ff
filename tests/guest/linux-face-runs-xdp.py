# SPDX-License-Identifier: BSD-2-Clause
"""
A native XDP program sees what is written: it can drop it, let it pass, send it back out, or to another interface, and
frames that another interface's program sends here come to the reader. The same from a ring, and at the BSD face.
"""
import os
import socket

import bpf
import frame
import link
import packet
import ring
import tap
import tun
import tunabi
from check import equal

link.quiet()
FRAMES = [frame.numbered(n, length) for n, length in enumerate((60, 64, 1000, 1514))]


def check(unit, name, send):
    """All of it, with @send to write frames."""
    with packet.Capture(name) as capture:
        before = link.counters(name)
        with bpf.Xdp(name, bpf.returns(bpf.XDP_DROP)):
            send(*FRAMES)
        counted = link.counted(name, before)
        equal({k: v for k, v in counted.items() if k.startswith("rx")}, {"rx_xdp": len(FRAMES)}, "what is dropped")
        with bpf.Xdp(name, bpf.returns(bpf.XDP_PASS)):
            send(*FRAMES)
            equal([capture.receive() for _ in FRAMES], FRAMES, "what passes")
        equal(capture.drain(), [], "what comes beside")


with tun.Tun("tap0", flags=os.O_NONBLOCK) as one, tun.Tun("tap1", flags=os.O_NONBLOCK) as two:
    def write(*frames):
        """By write()."""
        for data in frames:
            one.write(data)

    link.up("tap0")
    link.up("tap1")
    check(one, "tap0", write)
    with bpf.Xdp("tap0", bpf.returns(bpf.XDP_TX)):
        write(*FRAMES)
    equal([one.receive() for _ in FRAMES], FRAMES, "what is sent back")
    with bpf.Xdp("tap0", bpf.redirects(socket.if_nametoindex("tap1"))):
        write(*FRAMES)
    equal([two.receive() for _ in FRAMES], FRAMES, "what goes to the other interface")
    equal(one.drain(), [], "what comes back beside")

# Nor is there a way round it: with an offload header, or with memory that is limited.
with tun.Tun("tap0", more=tunabi.IFF_NO_PI | tunabi.IFF_VNET_HDR) as unit:
    link.up("tap0")
    for header in (bytes(10), bytes([2]) + bytes(9)):
        with packet.Capture("tap0") as capture, bpf.Xdp("tap0", bpf.returns(bpf.XDP_DROP)):
            before = link.counters("tap0")
            unit.write(header + FRAMES[0])
            unit.set(tunabi.TUNSETSNDBUF, 100_000)
            unit.write(header + FRAMES[0])
            equal(link.counted("tap0", before), {"rx_xdp": 2}, "what is dropped with a header")
            equal(capture.drain(), [], "what comes in")

with tap.Tap(2) as unit:
    def doorbell(*frames):
        """By the ring."""
        r.send(*frames)

    r = ring.Ring(unit)
    link.up("tap2")
    check(unit, "tap2", doorbell)
    with tap.Tap(3) as other, bpf.Xdp("tap3", bpf.redirects(socket.if_nametoindex("tap2"))):
        link.up("tap3")
        for data in FRAMES:
            other.write(data)
        got = []
        while len(got) < len(FRAMES):
            got += r.take()
        equal(got, FRAMES, "what another interface puts into the ring")
