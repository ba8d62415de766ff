# SPDX-License-Identifier: BSD-2-Clause
"""
TUNSETSNDBUF on one descriptor goes for every queue of the interface: one that has written under a limit that leaves no
room to poll() says POLLOUT again once another descriptor has lifted it, and who sleeps in poll() is told.
"""
import select

import frame
import link
import proc
import tun
import tunabi
from check import equal, wait_for

NO_LIMIT = 0x7fffffff
QUEUES = tunabi.IFF_NO_PI | tunabi.IFF_MULTI_QUEUE
link.quiet()

with tun.Tun("tap0", more=QUEUES) as one, tun.Tun("tap0", more=QUEUES) as two:
    link.up("tap0")
    one.set(tunabi.TUNSETSNDBUF, 1)
    two.write(frame.numbered(1))
    equal(two.poll(events=select.POLLOUT), 0, "poll() with next to no room")
    sleeper = proc.Thread(two.poll, 20, select.POLLOUT)
    wait_for(lambda: sleeper.tid and proc.sleeps_in(sleeper.tid, "poll"), "the poller sleeps")
    one.set(tunabi.TUNSETSNDBUF, NO_LIMIT)
    equal(sleeper.result(), select.POLLOUT, "poll() that slept until the limit was lifted")
    equal(two.poll(events=select.POLLOUT), select.POLLOUT, "poll() without limit")
