# SPDX-License-Identifier: BSD-2-Clause
"""
UDP in segments that a program writes with a VLAN tag, or two of them, gets to a socket on the VLAN in datagrams of the
size that the header says, as it does without a tag.
"""
import socket
import struct

import facegen
import frame
import link
import tun
import tunabi
from check import equal

DATA = frame.PATTERN[:2000]
link.quiet()


def segments(tags):
    """A header and a frame of four datagrams."""
    packet = facegen.udp(DATA, "10.9.0.2", "10.9.0.1", 5003, 5002, False)
    inner = b"".join(struct.pack("!HH", frame.VLAN, tag) for tag in tags) + struct.pack("!H", frame.IPV4) + packet
    start = 12 + 4 * len(tags) + 2 + 20
    header = tunabi.VNET.pack(tunabi.HDR_NEEDS_CSUM, tunabi.GSO_UDP_L4, start + 8, 500, start, 6)
    return header + link.mac("tap0") + frame.PEER + inner


with tun.Tun("tap0", more=tunabi.IFF_NO_PI | tunabi.IFF_VNET_HDR) as unit:
    link.ip("link", "add", "link", "tap0", "name", "vlan7", "type", "vlan", "id", 7)
    link.ip("link", "add", "link", "vlan7", "name", "vlan8", "type", "vlan", "id", 8)
    link.up("tap0")
    link.up("vlan7", "10.9.0.1/24")
    link.up("vlan8")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.settimeout(20)
        receiver.bind(("0.0.0.0", 5002))
        for tags in ((7,), (7, 8)):
            if len(tags) == 2:
                link.ip("address", "del", "10.9.0.1/24", "dev", "vlan7")
                link.ip("address", "add", "10.9.0.1/24", "dev", "vlan8")
            unit.write(segments(tags))
            equal([receiver.recv(4096) for _ in range(4)], [DATA[n:n + 500] for n in range(0, 2000, 500)],
                  f"datagrams with the tags {tags}")
