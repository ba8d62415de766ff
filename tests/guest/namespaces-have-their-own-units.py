# SPDX-License-Identifier: BSD-2-Clause
"""
/dev/tap0 opened in two network namespaces is two units: each has its own tap0, frames and exclusive open, and
neither sees the other. The namespace of the opening thread decides.
"""
import errno

import frame
import link
import packet
import proc
import tap
from check import equal, raises

here, there = proc.Netns(), proc.Netns()
units = {}
for namespace in (here, there):
    with namespace:
        link.quiet()
        equal(link.names(), [], "the interfaces of a new namespace")
        units[namespace] = tap.Tap()
        equal(link.names(), ["tap0"], "the interfaces after opening")
        raises(errno.EBUSY, tap.Tap)
        link.up("tap0")
equal(link.names(), [], "the interfaces of the test's own namespace")
for number, namespace in enumerate((here, there)):
    with namespace:
        packet.send("tap0", frame.numbered(number))
for number, namespace in enumerate((here, there)):
    equal(units[namespace].drain(), [frame.numbered(number)], "the frames read")
with here:
    capture = packet.Capture("tap0")
with there:
    other = packet.Capture("tap0")
units[here].write(frame.numbered(5))
equal(capture.receive(), frame.numbered(5), "the frame in its namespace")
equal(other.drain(), [], "frames in the other namespace")
units[here].close()
with here, tap.Tap():
    pass
with there:
    raises(errno.EBUSY, tap.Tap)
    equal(link.is_up("tap0"), True, "whether the other is up still")
units[there].close()
