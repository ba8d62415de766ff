# SPDX-License-Identifier: BSD-2-Clause
"""
A descriptor of /dev/net/tap can have a ring, also one of IFF_TUN, whose frames are IP packets without a header before
them: they go both ways whole, what is no IP packet is refused and counted, read() and write() are EBUSY, and the queue
cannot be detached.
"""
import errno

import frame
import link
import packet
import ring
import tun
import tunabi
from check import equal, raises, wait_for

link.quiet()


def ip_packet(n):
    """An IPv4 packet of an experimental protocol."""
    return frame.ipv4(b"number %04d" % n, "10.7.0.2", "10.8.0.1", 253)


with tun.Tun("", tunabi.IFF_TUN) as unit:
    equal(unit.name, "tun0", "the name of the first")
    r = ring.Ring(unit)
    link.up("tun0", "10.7.0.1/24")
    raises(errno.EBUSY, unit.read)
    raises(errno.EBUSY, unit.write, ip_packet(1))
    before = link.counters("tun0")
    with packet.Outlet("tun0") as outlet, packet.Capture("tun0") as capture:
        for n in range(100):
            outlet.send(ip_packet(n))
            equal(r.take(), [ip_packet(n)], "what came out")
            r.send(ip_packet(n))
            equal(capture.receive(), ip_packet(n), "what went in")
        r.send(b"\x50" + bytes(30), ip_packet(0))
        equal(capture.receive(), ip_packet(0), "the packet after one of version 5")
    wait_for(lambda: link.counted("tun0", before).get("rx_no_ip") == 1, "it is counted")

more = tunabi.IFF_NO_PI | tunabi.IFF_MULTI_QUEUE
with tun.Tun("tap3", more=more) as unit, tun.Tun("tap3", more=more) as other:
    ring.setup(unit)
    raises(errno.EBUSY, unit.queue, tunabi.IFF_DETACH_QUEUE)
    other.queue(tunabi.IFF_DETACH_QUEUE)
    raises(errno.EINVAL, ring.setup, other)
    other.queue(tunabi.IFF_ATTACH_QUEUE)
    ring.setup(other)
