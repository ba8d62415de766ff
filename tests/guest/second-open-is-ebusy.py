# SPDX-License-Identifier: BSD-2-Clause
"""
A unit is open once. A second open gives EBUSY, from the same process, from another and for a reader only, and
disturbs nothing; duplicates of the descriptor keep the unit busy until the last is closed, also in a child.
"""
import errno
import os

import frame
import link
import packet
import proc
import tap
from check import equal, raises

link.quiet()
unit = tap.Tap()
link.up("tap0")
packet.send("tap0", frame.numbered(1))
raises(errno.EBUSY, tap.Tap)
raises(errno.EBUSY, os.open, "/dev/tap0", os.O_RDONLY)
raises(errno.EBUSY, os.open, "/dev/tap0", os.O_WRONLY)
raises(errno.EBUSY, os.open, "/dev/tap0", os.O_RDWR | os.O_NONBLOCK)
proc.in_child(raises, errno.EBUSY, tap.Tap)
equal(unit.receive(), frame.numbered(1), "the frame that waited")

second = os.dup(unit.fd)
unit.close()
raises(errno.EBUSY, tap.Tap)
done = proc.Gate()
with proc.Child(done.wait) as child:
    os.close(second)
    raises(errno.EBUSY, tap.Tap)
    done.open()
    child.result()
with tap.Tap():
    pass
