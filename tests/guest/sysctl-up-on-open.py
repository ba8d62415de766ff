# SPDX-License-Identifier: BSD-2-Clause
# netns: init
"""
With net.link.tap.up_on_open=1 opening a unit brings its interface up, in any namespace; closing a tap takes it
down as ever. Without it, opening leaves it down.
"""
import frame
import link
import packet
import proc
import tap
from check import equal

with link.Sysctl("net/link/tap/up_on_open", 1), proc.Netns():
    link.quiet()
    for kind in ("tap", "vmnet"):
        with tap.Tap(kind=kind) as unit:
            equal(link.is_up(unit.name), True, "whether it is up when opened")
            link.wait_ready(unit.name)
            packet.send(unit.name, frame.numbered(1))
            equal(unit.drain(), [frame.numbered(1)], "the frames read")
        equal(link.is_up(unit.name), kind == "vmnet", "whether it is up when closed")
    with tap.Tap(path="/dev/tap") as unit:
        equal(link.is_up("tap1"), True, "whether a clone is up when opened")
with proc.Netns(), tap.Tap():
    equal(link.is_up("tap0"), False, "whether it is up when opened without the sysctl")
