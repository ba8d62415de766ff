# SPDX-License-Identifier: BSD-2-Clause
"""
Frames that wait for a descriptor of the Linux face are freed when its interface is deleted, not when the descriptor is
closed: one that has unit after unit, each deleted with a full queue, has the kernel keep no more memory for all of
them than a few such queues take.
"""
import struct

import frame
import link
import netlink
import packet
import proc
import tun
import tunabi
from check import true

LENGTH, COUNT, TIMES, QUEUE = 60000, 100, 24, 8 << 20
link.quiet()


def fill():
    """Let frames wait, nearly as many as may."""
    link.ip("link", "set", "dev", "tap0", "mtu", LENGTH)
    link.up("tap0")
    with packet.Outlet("tap0") as outlet:
        for n in range(COUNT):
            outlet.send(frame.numbered(n, LENGTH))


with tun.Tun("tap0") as unit:
    before = proc.free_memory()
    fill()
    waiting = before - proc.free_memory()
    true(waiting > QUEUE // 2, f"the frames take memory: {waiting} bytes")
    for _ in range(TIMES):
        netlink.delete("tap0")
        unit.ioctl(tunabi.TUNSETIFF, struct.pack("16sH22x", b"tap0", tunabi.IFF_TAP | tunabi.IFF_NO_PI))
        fill()
    used = before - proc.free_memory()
    true(used < 6 * QUEUE, f"after {TIMES} units {used} bytes are used")
