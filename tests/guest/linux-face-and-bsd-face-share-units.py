# SPDX-License-Identifier: BSD-2-Clause
"""
A unit that one face made the other finds: tap5 by TUNSETIFF is what minor 5 opens once it is free, and a unit of a
node is had by TUNSETIFF with its name. Who has it open excludes the other face. Closed by the BSD face a tap is down
and has no addresses, closed by the Linux face only its carrier goes. An interface without Ethernet has no number.
"""
import errno

import frame
import link
import packet
import tap
import tun
import tunabi
from check import equal, raises, true

link.quiet()
with tun.Tun("tap5") as first:
    equal(link.attribute("tap5", "if_tap/unit"), "5", "the number of what TUNSETIFF made")
    raises(errno.EBUSY, tap.Tap, 5)
    first.ioctl(tunabi.TUNSETPERSIST, 1)
    link.up("tap5", "10.5.0.1/24")
equal(link.addresses("tap5"), ["10.5.0.1/24"], "addresses after a close by the Linux face")
true("UP" in link.flags("tap5") and "LOWER_UP" not in link.flags("tap5"), "it is up without a carrier")

with tap.Tap(5) as second:
    raises(errno.EBUSY, tun.Tun, "tap5")
    link.wait_ready("tap5")
    packet.send("tap5", frame.numbered(7))
    equal(second.receive(), frame.numbered(7), "what the BSD face reads")
equal(link.addresses("tap5"), [], "addresses after a close by the BSD face")
true(not link.is_up("tap5"), "it is down")

with tap.Tap(6):
    pass
with tun.Tun("tap6") as third:
    link.up("tap6")
    with packet.Capture("tap6") as capture:
        third.write(frame.numbered(8))
        equal(capture.receive(), frame.numbered(8), "what the Linux face wrote")
true(link.exists("tap6"), "a unit that stays is made no other by TUNSETIFF")

with tun.Tun("tap7", tunabi.IFF_TUN):
    equal(link.attribute("tap7", "if_tap/unit"), "", "the number of an interface without Ethernet")
    raises(errno.EEXIST, tap.Tap, 7)
true(not link.exists("tap7"), "what is not persistent goes")
