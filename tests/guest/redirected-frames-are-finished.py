# SPDX-License-Identifier: BSD-2-Clause
"""
A generic XDP program redirects frames past what the network stack does to them for an interface that takes no VLAN tags
and no unfinished checksums. The program at the far end has them all the same, by read() and from a ring.
"""
import os
import socket
import struct

import bpf
import frame
import link
import ring
import tap
from check import equal

HERE, THERE, PORT, TAG = "192.0.2.1", "192.0.2.2", 9, 7
PAYLOAD = bytes(range(200))
link.quiet()
link.ip("link", "add", "near", "type", "veth", "peer", "name", "far")
link.ip("link", "add", "link", "near", "name", "tagged", "type", "vlan", "id", TAG)
link.ip("link", "set", "dev", "near", "up")     # it has a carrier when both ends are
link.up("far")
link.up("near", HERE + "/24")
link.up("tagged")
link.ip("neighbour", "add", THERE, "lladdr", "02:00:00:00:00:02", "dev", "near")


def check(take):
    """@take gives the next frame."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sender:
        sender.bind(("tagged", 0))
        sent = frame.numbered(1)
        sender.send(sent)
    got = take()
    equal(got, sent[:12] + struct.pack("!HH", 0x8100, TAG) + sent[12:], "a frame with a tag")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(PAYLOAD, (THERE, PORT))
    got = take()
    equal(got[42:], PAYLOAD, "what a datagram carries")
    addresses = socket.inet_aton(HERE) + socket.inet_aton(THERE)
    equal(frame.checksum(addresses + struct.pack("!HH", 17, len(got) - 34) + got[34:]), 0, "its sum")


with tap.Tap(0, flags=os.O_NONBLOCK) as unit, tap.Tap(1, flags=os.O_NONBLOCK) as other:
    r = ring.Ring(other)

    def take_from_ring():
        """The one frame that comes."""
        other.poll(20)
        taken, = r.take()
        return taken

    for name, take in (("tap0", unit.receive), ("tap1", take_from_ring)):
        link.up(name)
        with bpf.Xdp("far", bpf.redirects(socket.if_nametoindex(name)), bpf.GENERIC_MODE):
            check(take)
