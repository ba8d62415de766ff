# SPDX-License-Identifier: BSD-2-Clause
"""
TAPSENDBATCH sends up to 1,024 frames in one call and TAPRECVBATCH receives as many as wait, each whole and in
order, large ones too; a frame that does not fit is truncated and says so; it waits for the first frame only,
and not at all when told so or when the descriptor is non-blocking.
"""
import errno
import os

import frame
import link
import packet
import proc
import tap
from check import equal, raises, true, wait_for
from offload import DONTWAIT, TRUNCATED, Batch

link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    before = link.counters("tap0")
    frames = [frame.random(14 + i) for i in range(1024)]
    with packet.Capture("tap0") as capture:
        equal(Batch(frames).send(unit), 1024, "frames sent")
        for i, one in enumerate(frames):
            equal(capture.receive(), one, f"frame {i}")
    packet.send("tap0", *frames[:1000])
    got = Batch(count=1024).receive(unit)
    equal(got, frames[:1000], "frames received")
    counted = link.counted("tap0", before)
    equal([counted[k] for k in ("rx_packets", "tx_packets")], [1024, 1000], "packets counted")

    link.ip("link", "set", "dev", "tap0", "mtu", 16370)
    large = [frame.random(16384), frame.random(5000), frame.random(60)]
    packet.send("tap0", *large)
    batch = Batch(count=3, room=5000)
    equal(batch.receive(unit), [large[0][:5000], large[1], large[2]], "large frames received")
    equal([(e.len, e.flags) for e in batch.table], [(16384, TRUNCATED), (5000, 0), (60, 0)], "their lengths")
    with packet.Capture("tap0") as capture:
        equal(Batch(large).send(unit), 3, "large frames sent")
        equal([capture.receive() for _ in large], large, "large frames that came in")

    raises(errno.EAGAIN, Batch(count=4).receive, unit, DONTWAIT)
    sleeper = proc.Thread(Batch(count=4).receive, unit)
    wait_for(lambda: sleeper.tid and proc.sleeps_in(sleeper.tid, "ioctl"), "the receiver sleeps")
    packet.send("tap0", frames[0])
    equal(sleeper.result(), [frames[0]], "what a receiver that slept gets")
    os.set_blocking(unit.fd, False)
    raises(errno.EAGAIN, Batch(count=4).receive, unit)
    sleeper = None
    os.set_blocking(unit.fd, True)
    sleeper = proc.Thread(Batch(count=4).receive, unit)
    wait_for(lambda: sleeper.tid and proc.sleeps_in(sleeper.tid, "ioctl"), "the receiver sleeps")
    link.ip("link", "del", "dev", "tap0")
    try:
        true(False, f"a receiver of a destroyed unit fails, it returned {sleeper.result()}")
    except OSError as e:
        equal(e.errno, errno.EHOSTDOWN, "what a receiver gets when the unit is destroyed")
    raises(errno.EHOSTDOWN, Batch(frames[:3]).send, unit)
