# SPDX-License-Identifier: BSD-2-Clause
"""
A read sleeps until a frame comes, and then has it; hundreds of times in a row, with the sender starting as
the reader goes to sleep, none is slept over.
"""
import frame
import link
import packet
import proc
import tap
from check import equal, wait_for

ROUNDS = 800
link.quiet()
with tap.Tap() as unit, packet.Outlet("tap0") as outlet:
    link.up("tap0")
    reader = proc.Thread(unit.read)
    wait_for(lambda: reader.tid and proc.sleeps_in(reader.tid, "read"), "the reader sleeps")
    outlet.send(frame.numbered(0))
    equal(reader.result(), frame.numbered(0), "the frame")

    def pong():
        """Acknowledge each frame with one the other way: a pair never more than one frame apart."""
        for n in range(ROUNDS):
            equal(frame.number(unit.read()), n, "the frame's number")
            unit.write(frame.numbered(n))

    with packet.Capture("tap0") as capture:
        reader = proc.Thread(pong)
        for n in range(ROUNDS):
            outlet.send(frame.numbered(n))
            equal(frame.number(capture.receive()), n, "the answer's number")
        reader.result()
