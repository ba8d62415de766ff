# SPDX-License-Identifier: BSD-2-Clause
"""
Threads that open and close /dev/tap all at once each get a unit of their own every time: no open fails, no two
have one name at a time, and none is left.
"""
import threading

import link
import proc
import tap
from check import equal, true

THREADS, ROUNDS = 6, 40
held, lock = set(), threading.Lock()


def churn():
    """Open and close."""
    for _ in range(ROUNDS):
        unit = tap.Tap(path="/dev/tap")
        name = unit.ifname()
        with lock:
            true(name not in held, f"{name} is nobody else's")
            true(int(name[3:]) < THREADS, f"{name} is a low number")
            held.add(name)
        # The others open meanwhile.
        equal(unit.ifname(), name, "the name of the unit while it is held")
        true(link.exists(name), f"{name} is there while it is held")
        with lock:
            held.remove(name)
        unit.close()


for thread in [proc.Thread(churn) for _ in range(THREADS)]:
    thread.result()
equal(link.names(), [], "the interfaces at the end")
