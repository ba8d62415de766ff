# SPDX-License-Identifier: BSD-2-Clause
"""
While frames come without end, SIGIO is switched on and off, two threads change its owner to others, to groups, to
nobody and to a process that dies, and the unit is closed and opened; all that is safe, and SIGIO works after it.
"""
import os
import signal
import threading

import abi
import frame
import link
import packet
import proc
import tap
from check import equal, true

ROUNDS, CHANGES = 25, 30
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGIO})
link.quiet()
enough = threading.Event()


def flood():
    """Send until told to stop; how many frames."""
    count = 0
    with packet.Outlet("vmnet0") as outlet:
        while not enough.is_set():
            outlet.send(frame.numbered(count))
            count += 1
    return count


def switch(unit):
    """On and off, and on at the end."""
    for n in range(CHANGES + 1):
        unit.set(abi.FIOASYNC, n % 2 ^ 1)


def change(unit, owners):
    """From one to the next."""
    for n in range(CHANGES):
        try:
            unit.set(abi.FIOSETOWN, owners[n % len(owners)])
        except ProcessLookupError:
            pass    # the one that has died


with tap.Tap(kind="vmnet"):
    link.up("vmnet0")   # and it stays up
flooding = proc.Thread(flood)
for n in range(ROUNDS):
    with proc.Child(signal.pause) as child, tap.Tap(kind="vmnet") as unit:
        owners = [os.getpid(), child.pid, -os.getpgrp(), 0, os.getpid()]
        threads = [proc.Thread(switch, unit)] + [proc.Thread(change, unit, owners) for _ in range(2)]
        child.kill()
        unit.poll(20)
        unit.read()
        for thread in threads:
            thread.result()
        unit.set(abi.FIOSETOWN, os.getpid())
        true(signal.sigtimedwait({signal.SIGIO}, 20), f"a signal arrives in round {n}")
enough.set()
true(flooding.result() >= ROUNDS, "frames came all the while")

with tap.Tap(kind="vmnet") as unit:
    unit.drain()
    while signal.sigtimedwait({signal.SIGIO}, 0):
        pass
    packet.send("vmnet0", frame.numbered(1))
    equal(signal.sigpending(), set(), "signals that nobody asked for")
    unit.set(abi.FIOSETOWN, os.getpid())
    unit.set(abi.FIOASYNC, 1)
    packet.send("vmnet0", frame.numbered(2))
    true(signal.sigtimedwait({signal.SIGIO}, 20), "a signal arrives at the end")
