# SPDX-License-Identifier: BSD-2-Clause
# netns: init
"""
With net.link.tap.user_open=1 an ordinary user has as many units of the clone as his descriptors allow and rings on
them as far as RLIMIT_MEMLOCK goes, over all his units and processes together; when he is killed all of it is gone.
"""
import errno
import os
import resource

import abi
import link
import proc
import ring
import tap
from check import equal, raises, true, wait_for

os.chmod(".", 0o755)
clone = tap.make_node(abi.MINOR_CLONE, mode=0o666)
DESCRIPTORS, RING = 40, 2 * ring.SIZE + 2 * ring.PAGE
ready, end = proc.Gate(), proc.Gate()


def second():
    """Another process of the user."""
    with tap.Tap(path=clone) as unit:
        raises(errno.ENOBUFS, ring.setup, unit)


def user():
    """All that he can have."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (3 * RING, 3 * RING))
    units = []
    try:
        while True:
            units.append(tap.Tap(path=clone))
    except OSError as e:
        equal(e.errno, errno.EMFILE, "what ends it")
    for unit in units[:3]:
        ring.setup(unit)
    for unit in units[3:]:
        raises(errno.ENOBUFS, ring.setup, unit)
    units.pop().close()
    units.pop().close()
    units.pop().close()
    units.pop().close()
    proc.in_child(second)
    units.pop(0).close()
    ring.setup(units[-1])       # what the first was charged has been given back
    os.write(ready.writer, b"x")
    end.wait()


before = link.names()
with link.Sysctl("net/link/tap/user_open", 1), proc.Child(user, uid=proc.USER) as child:
    ready.wait()
    taken = len(link.names()) - len(before)
    true(0 < taken < DESCRIPTORS, f"he has fewer units than descriptors: {taken}")
    child.kill()
    wait_for(lambda: link.names() == before, "his units are gone")
    proc.in_child(lambda: tap.Tap(path=clone).close(), uid=proc.USER)
