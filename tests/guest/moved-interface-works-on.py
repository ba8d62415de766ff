# SPDX-License-Identifier: BSD-2-Clause
"""
An interface moved to another namespace and renamed carries frames to and from the descriptor that is open. It
keeps its number at home: there it is opened again, while where it is now that number is another unit or, as
long as a foreign interface has the name, EEXIST.
"""
import errno

import frame
import link
import packet
import proc
import tap
from check import equal, raises

link.quiet()
away = proc.Netns()
with away:
    link.quiet()


def passes(unit, name):
    """Frames pass both ways."""
    with away:
        link.up(name)
        packet.send(name, frame.numbered(1))
        equal(unit.receive(), frame.numbered(1), "the frame read")
        with packet.Capture(name) as capture:
            unit.write(frame.numbered(2))
            equal(capture.receive(), frame.numbered(2), "the frame captured")


unit = tap.Tap()
link.ip("link", "set", "dev", "tap0", "netns", away.path())
equal(link.names(), [], "the interfaces at home")
passes(unit, "tap0")
equal(unit.ifname(), "tap0", "TAPGIFNAME")
raises(errno.EBUSY, tap.Tap)
with away:
    raises(errno.EEXIST, tap.Tap)
    equal(link.names(), ["tap0"], "the interfaces away")
    link.down("tap0")
    link.ip("link", "set", "dev", "tap0", "name", "moved0")
    with tap.Tap() as other:    # number 0 is free there, now that the name is
        equal(link.names(), ["moved0", "tap0"], "the interfaces away")
        equal(other.ifname(), "tap0", "TAPGIFNAME of the other")
equal(unit.ifname(), "moved0", "TAPGIFNAME after renaming")
with away:
    link.ip("address", "add", "10.5.0.1/24", "dev", "moved0")
unit.close()
with away:
    equal(link.is_up("moved0"), False, "whether it is up after close")
    equal(link.addresses("moved0"), [], "the addresses after close")
unit = tap.Tap()
equal(link.names(), [], "the interfaces at home after opening again")
equal(unit.ifname(), "moved0", "TAPGIFNAME after opening again")
passes(unit, "moved0")
with away:
    link.ip("link", "del", "dev", "tap0")
    link.ip("link", "del", "dev", "moved0")
raises(errno.EHOSTDOWN, unit.read)
unit.close()
away.close()
