# SPDX-License-Identifier: BSD-2-Clause
"""
A program that writes as fast as it can, to an interface that is up or down, with a listener that never reads,
makes the kernel hold no more than what the listener's socket may take: writes have no queue.
"""
import socket

import frame
import link
import packet
import proc
import tap
from check import equal, true

WRITES, LENGTH = 20000, 1500
link.quiet()
with tap.Tap() as unit:
    data = frame.random(LENGTH)
    for state in ("down", "up"):
        if state == "up":
            link.up("tap0")
        before = link.counters("tap0")
        with packet.Capture("tap0") as capture:
            capture.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 100000)
            free = proc.free_memory()
            for _ in range(WRITES):
                unit.write(data)
            used = free - proc.free_memory()
            true(used < WRITES * LENGTH / 3, f"{state}: {WRITES * LENGTH} bytes written make {used} bytes be used")
        key = "rx_packets" if state == "up" else "rx_down"
        equal(link.counted("tap0", before)[key], WRITES, f"{key} while {state}")
