# SPDX-License-Identifier: BSD-2-Clause
"""
A descriptor does not keep its network namespace: when that ends, a sleeping reader wakes with EHOSTDOWN, poll
says POLLHUP and POLLERR, every call gives EHOSTDOWN, and the descriptor closes cleanly.
"""
import errno
import select

import abi
import frame
import link
import packet
import proc
import tap
from check import equal, raises, true, wait_for

for kind in ("tap", "vmnet"):
    namespace = proc.Netns()
    with namespace:
        link.quiet()
        unit = tap.Tap(kind=kind)
        link.up(unit.name, "10.1.0.1/24")
    reader = proc.Thread(unit.read)
    sleeper = proc.Thread(unit.poll, 60)
    wait_for(lambda: reader.tid and proc.sleeps_in(reader.tid, "read"), "the reader sleeps")
    wait_for(lambda: sleeper.tid and proc.sleeps_in(sleeper.tid, "poll"), "the poller sleeps")
    equal(unit.poll(events=select.POLLIN | select.POLLOUT), select.POLLOUT, "poll before the end")
    namespace.close()
    raises(errno.EHOSTDOWN, reader.result, 30)
    said = sleeper.result(30)
    true(said & select.POLLHUP and said & select.POLLERR, f"the poller is told: {said:#x}")
    equal(unit.poll(events=0), select.POLLHUP | select.POLLERR, "poll after the end")
    for room in (0, 1, 2000):
        raises(errno.EHOSTDOWN, unit.read, room)
    for length in (0, 5, 64, 20000):
        raises(errno.EHOSTDOWN, unit.write, bytes(length))
    raises(errno.EHOSTDOWN, unit.get, abi.FIONREAD)
    unit.close()

# The interface moved on to a namespace that lives: the unit works on, though its number is gone with its home.
link.quiet()
home, away = proc.Netns(), proc.Netns()
with home:
    unit = tap.Tap()
    link.ip("link", "set", "dev", "tap0", "netns", away.path())
home.close()
with away:
    link.quiet()
    link.up("tap0")
    packet.send("tap0", frame.numbered(1))
    equal(unit.receive(), frame.numbered(1), "the frame read after its home has gone")
    unit.close()
    link.ip("link", "del", "dev", "tap0")

# The interface dies in a namespace that is not its home: the number is free again.
away = proc.Netns()
unit = tap.Tap(3)
link.ip("link", "set", "dev", "tap3", "netns", away.path())
away.close()
wait_for(lambda: unit.poll(events=0), "the unit ends with the namespace its interface is in")
raises(errno.EHOSTDOWN, unit.read)
with tap.Tap(3):
    equal(link.names(), ["tap3"], "the interfaces after opening its number again")
unit.close()
equal(link.names(), ["tap3"], "the interfaces after closing the old descriptor")
