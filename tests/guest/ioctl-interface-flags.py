# SPDX-License-Identifier: BSD-2-Clause
"""
SIOCGIFFLAGS gives the interface's flags in two bytes, BSD encoded, and no byte more: what ip(8) changes is seen
in it. RUNNING is up with carrier; SIMPLEX is always set; Linux's own bits do not shine through.
"""
import struct

import abi
import link
import tap
from check import equal
from ioctls import CALLERS

ALWAYS = abi.BROADCAST | abi.SIMPLEX | abi.MULTICAST
for call in CALLERS:
    with tap.Tap() as unit:
        def flags():
            """SIOCGIFFLAGS"""
            answer = call(unit, "SIOCGIFFLAGS", b"\xaa" * 16)
            equal(answer[2:], b"\xaa" * 14, "the bytes that follow")
            return struct.unpack("H", answer[:2])[0]

        equal(flags(), ALWAYS, "the flags of a new unit")
        link.up("tap0")
        equal(flags(), ALWAYS | abi.UP | abi.RUNNING, "the flags when up")
        for words, flag in ((["promisc", "on"], abi.PROMISC), (["allmulticast", "on"], abi.ALLMULTI),
                            (["arp", "off"], abi.NOARP)):
            link.ip("link", "set", "dev", "tap0", *words)
            equal(flags(), ALWAYS | abi.UP | abi.RUNNING | flag, f"the flags with {words[0]}")
            link.ip("link", "set", "dev", "tap0", words[0], {"on": "off", "off": "on"}[words[1]])
        link.ip("link", "set", "dev", "tap0", "multicast", "off")
        equal(flags(), ALWAYS & ~abi.MULTICAST | abi.UP | abi.RUNNING, "the flags without multicast")
        link.ip("link", "set", "dev", "tap0", "multicast", "on")
        link.down("tap0")
        equal(flags(), ALWAYS, "the flags when down")
    link.ip("link", "del", "dev", "tap0")
