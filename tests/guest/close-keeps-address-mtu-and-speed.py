# SPDX-License-Identifier: BSD-2-Clause
"""
What was set stays over close, while closed and at the next open, for taps and vmnets: the interface's address,
its MTU, its queue length and the baudrate.
"""
import abi
import link
import tap
from check import equal

FORM, BAUDRATE, MTU, LENGTH, MAC = "ihBB", 56_000_000, 1234, 77, "02:00:00:00:00:55"


def kept(name):
    """As ip(8) and ethtool(8) show it."""
    state = link.state(name)
    speed = link.run("ethtool", name).split("Speed: ")[1].split("\n")[0]
    return state["address"], state["mtu"], state["txqlen"], speed


for kind in ("tap", "vmnet"):
    with tap.Tap(kind=kind) as unit:
        name = unit.name
        link.up(name)
        link.ip("link", "set", "dev", name, "address", MAC, "txqueuelen", LENGTH)
        unit.set(abi.TAPSIFINFO, BAUDRATE, MTU, abi.IFT_ETHER, 0, form=FORM)
    equal(kept(name), (MAC, MTU, LENGTH, "56Mb/s"), f"what is kept of {name} when closed")
    with tap.Tap(kind=kind) as unit:
        equal(kept(name), (MAC, MTU, LENGTH, "56Mb/s"), f"what is kept of {name} when open again")
        equal(unit.get(abi.TAPGIFINFO, FORM), (BAUDRATE, MTU, abi.IFT_ETHER, 0), f"TAPGIFINFO of {name}")
