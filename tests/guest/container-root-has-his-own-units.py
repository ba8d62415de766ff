# SPDX-License-Identifier: BSD-2-Clause
"""
Root of a user namespace creates and uses units in its own network namespace through a node he may open; in the
host's network namespace the same process gets EPERM, for units that exist and that do not.
"""
import errno
import os

import frame
import link
import packet
import proc
import tap
from check import equal, raises

os.chmod(".", 0o755)
present, absent = tap.make_node(0, mode=0o666), tap.make_node(1, mode=0o666)
tap.Tap(path=present).close()


def container():
    """uid 1000 outside, root inside."""
    proc.become_container_root()
    link.quiet()
    equal(link.names(), [], "the container's interfaces")
    raises(errno.EACCES, tap.Tap)     # the module's node is the host's root's
    for path, name in ((present, "tap0"), (absent, "tap1")):
        with tap.Tap(path=path) as unit:
            equal(unit.ifname(), name, "the unit's name")
            link.up(name, "10.1.0.1/24")
            packet.send(name, frame.numbered(1))
            equal(unit.receive(), frame.numbered(1), "the frame read")
        equal(link.addresses(name), [], "the addresses after close")
    equal(link.names(), ["tap0", "tap1"], "the container's interfaces")


def intruder():
    """Root of a user namespace that stayed in the host's network namespace."""
    proc.unshare(proc.CLONE_NEWUSER)
    for path in (present, absent):
        raises(errno.EPERM, tap.Tap, path=path)


proc.in_child(container, uid=proc.USER)
proc.in_child(intruder, uid=proc.USER)
equal(link.names(), ["tap0"], "the host's interfaces")
