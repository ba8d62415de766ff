# SPDX-License-Identifier: BSD-2-Clause
"""
However long txqueuelen is, the frames that wait take no more than a fixed amount of memory: of the largest
frames, far more than that amount, some are kept and the rest dropped, each counted as tx_queue_bytes. After
the queue was read as many fit again.
"""
import frame
import link
import packet
import proc
import tap
from check import equal, true

LENGTH, COUNT = 16384, 3000
link.quiet()
with tap.Tap() as unit, packet.Outlet("tap0") as outlet:
    link.ip("link", "set", "dev", "tap0", "mtu", 16370, "txqueuelen", 30000)
    link.up("tap0")
    kept = []
    for _ in range(2):
        before, free = link.counters("tap0"), proc.free_memory()
        for n in range(COUNT):
            outlet.send(frame.numbered(n, LENGTH))
        used = free - proc.free_memory()
        true(used < COUNT * LENGTH / 2, f"{COUNT * LENGTH} bytes make {used} bytes be used")
        frames = unit.drain()
        kept.append(len(frames))
        equal([frame.number(f) for f in frames], list(range(len(frames))), "the numbers of the frames kept")
        counted = link.counted("tap0", before)
        equal(counted, {"tx_packets": len(frames), "tx_bytes": len(frames) * LENGTH,
                        "tx_queue_bytes": COUNT - len(frames)}, "what was counted")
        true(0 < len(frames) < COUNT, "some frames are kept and some are not")
    equal(kept[1], kept[0], "the frames kept the second time")
