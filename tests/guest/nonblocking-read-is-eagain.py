# SPDX-License-Identifier: BSD-2-Clause
"""
Without a frame a non-blocking read gives EAGAIN, non-blocking by O_NONBLOCK at open, by fcntl or by FIONBIO. A
read that then blocks on the same descriptor is woken by a frame as if the other had not been.
"""
import errno
import fcntl
import os

import abi
import frame
import link
import packet
import proc
import tap
from check import equal, raises, wait_for

link.quiet()
with tap.Tap(flags=os.O_NONBLOCK) as unit:
    link.up("tap0")
    raises(errno.EAGAIN, unit.read)
    packet.send("tap0", frame.numbered(1))
    equal(unit.read(), frame.numbered(1), "a non-blocking read of a frame")
    raises(errno.EAGAIN, unit.read)

    switches = [
        ("fcntl", lambda on: fcntl.fcntl(unit.fd, fcntl.F_SETFL, os.O_NONBLOCK if on else 0)),
        ("FIONBIO", lambda on: unit.set(abi.FIONBIO, int(on))),
    ]
    for what, switch in switches:
        switch(True)
        raises(errno.EAGAIN, unit.read)
        switch(False)
        reader = proc.Thread(unit.read)
        wait_for(lambda: reader.tid and proc.sleeps_in(reader.tid, "read"), f"a read sleeps after {what}")
        packet.send("tap0", frame.numbered(2))
        equal(reader.result(), frame.numbered(2), f"what the read gives after {what}")
