# SPDX-License-Identifier: BSD-2-Clause
"""
A full outbound ring drops frames, each counted under tx_ring_full, and goes on when the program has released
some. A frame larger than the ring is counted under tx_ring_oversize. Nothing that was put in is harmed.
"""
import abi
import frame
import link
import packet
import ring
import tap
from check import equal

link.quiet()
with tap.Tap() as unit:
    r = ring.Ring(unit)
    link.up("tap0")
    before = link.counters("tap0")
    room = r.out_size // ring.size_of(1000)
    frames = [frame.numbered(i, 1000) for i in range(room + 7)]
    packet.send("tap0", *frames)
    equal(link.counted("tap0", before)["tx_ring_full"], 7, "frames that found no room")
    equal(r.take(), frames[:room], "frames that found room")
    packet.send("tap0", frames[0])
    equal(r.take(), [frames[0]], "a frame after room was made")

    unit.set(abi.TAPSVNETHDR, 10)
    link.ip("link", "set", "dev", "tap0", "mtu", 65521)
    packet.send("tap0", frame.random(65520))
    equal(link.counted("tap0", before)["tx_ring_oversize"], 1, "frames that never fit")
    equal(r.state(), 0, "the ring's state")
