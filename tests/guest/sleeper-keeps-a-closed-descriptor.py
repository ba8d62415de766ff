# SPDX-License-Identifier: BSD-2-Clause
"""
close() under a call that sleeps on the descriptor, in read or in poll, strands nobody: the unit stays open and
up, the next frame wakes the sleeper (read has it, poll finds that its number is no descriptor any more), and only
then is the unit closed: down, and free for the next opener.
"""
import errno
import select

import frame
import link
import packet
import proc
import tap
from check import equal, raises, true, wait_for

link.quiet()
for call, wakes_with in (("read", frame.numbered(1)), ("poll", select.POLLNVAL)):
    unit = tap.Tap()
    link.up("tap0")
    with packet.Outlet("tap0") as outlet:   # made now, or it would get the number of the descriptor
        sleeper = proc.Thread(unit.read if call == "read" else lambda u=unit: u.poll(60))
        wait_for(lambda c=call, s=sleeper: s.tid and proc.sleeps_in(s.tid, c), f"a thread sleeps in {call}")
        unit.close()
        raises(errno.EBUSY, tap.Tap)
        true(link.is_up("tap0"), f"the interface is up while a thread sleeps in {call}")
        outlet.send(frame.numbered(1))
        equal(sleeper.result(30), wakes_with, f"what {call} says")
        wait_for(lambda: not link.is_up("tap0"), f"the interface is down after {call} returned")


def opens():
    """Until the last thing of close is done, EBUSY."""
    try:
        tap.Tap().close()
    except OSError as e:
        equal(e.errno, errno.EBUSY, "the error")
        return False
    return True


wait_for(opens, "the unit can be opened")
