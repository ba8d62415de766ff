# SPDX-License-Identifier: BSD-2-Clause
"""
With TAP_RING_POLL a kernel thread takes inbound records while it spins, without a doorbell; when it has found
none for long enough it sets in_need_wakeup, and the doorbell starts it again.
"""
import frame
import link
import packet
import ring
import tap
from check import equal, true, wait_for

link.quiet()
with tap.Tap() as unit:
    r = ring.Ring(unit, flags=ring.POLL, spin=1000000)
    link.up("tap0")
    before = link.counters("tap0")
    with packet.Capture("tap0") as capture:
        r.put(frame.numbered(0))
        r.doorbell()
        equal(frame.number(capture.receive()), 0, "the first frame")
        for i in range(1, 40):
            r.put(frame.numbered(i))
            if r.get(r.kernel, ring.IN_NEED_WAKEUP, "I"):
                r.doorbell()
            equal(frame.number(capture.receive()), i, "the next frame")
        # On a busy machine more than the spin may pass between two of them, but not always.
        true(link.counted("tap0", before)["ring_doorbells"] < 40, "frames went without doorbells")
        wait_for(lambda: r.get(r.kernel, ring.IN_NEED_WAKEUP, "I"), "the kernel stops polling")
        r.put(frame.numbered(77))
        equal(capture.drain(), [], "frames taken without doorbell by a kernel that sleeps")
        r.doorbell()
        equal(frame.number(capture.receive()), 77, "the frame after the doorbell")
