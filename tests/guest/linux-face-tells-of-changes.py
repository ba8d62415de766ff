# SPDX-License-Identifier: BSD-2-Clause
"""
rtnetlink's listeners (NetworkManager, systemd-networkd, ip monitor) are told of what happens to an interface of
/dev/net/tap exactly when they are told of one of /dev/net/tun: each message's kind, flags and what it says changed.
"""
import socket
import struct

import facediff
import facespace
import netlink
import tunabi
from tunabi import IFF_ATTACH_QUEUE, IFF_DETACH_QUEUE, IFF_MULTI_QUEUE, IFF_NO_PI, IFF_TAP

MULTI = IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE


class Monitor:
    """Listens to what is told of links."""

    def __init__(self, face):
        self.face = face
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self.socket.bind((0, 1))
        self.socket.setblocking(False)

    def told(self, after):
        """Note down what has been told since."""
        found = []
        while True:
            try:
                data = self.socket.recv(1 << 16)
            except BlockingIOError:
                break
            _, kind = struct.unpack_from("IH", data)
            _, hatype, _, flags, change = struct.unpack_from("BxHiII", data, 16)
            attrs = dict(netlink.attributes(data[32:]))
            found.append((kind, attrs[facespace.IFLA_IFNAME], hatype, hex(flags), hex(change), attrs[16]))
        self.face.note_down(f"told after {after}", found)


def changes(face, up):
    """Each call, and what is told of it."""
    monitor = Monitor(face)
    face.open(0), face.open(1)
    face.setiff(0, "dif0", MULTI)
    monitor.told("TUNSETIFF")
    if up:
        face.up("dif0")
        monitor.told("up")
    for command, value in ((tunabi.TUNSETOWNER, 1000), (tunabi.TUNSETGROUP, 100), (tunabi.TUNSETPERSIST, 1),
                           (tunabi.TUNSETPERSIST, 1), (tunabi.TUNSETPERSIST, 0), (tunabi.TUNSETOFFLOAD, 7),
                           (tunabi.TUNSETOFFLOAD, 7), (tunabi.TUNSETOWNER, 0xffffffff), (tunabi.TUNSETLINK, 512),
                           (tunabi.TUNSETDEBUG, 0), (tunabi.TUNSETLINK, 1)):
        face.value(0, command, value)
        monitor.told(tunabi.COMMANDS[command])
    face.setiff(1, "dif0", MULTI)
    monitor.told("TUNSETIFF of a second queue")
    for flags in (IFF_DETACH_QUEUE, IFF_ATTACH_QUEUE):
        face.setqueue(1, flags)
        monitor.told("TUNSETQUEUE")
    face.sethwaddr(0, 1, b"\2\0\0\0\0\7")
    monitor.told("SIOCSIFHWADDR")
    face.integer(0, tunabi.TUNSETVNETHDRSZ, 12)
    face.integer(0, tunabi.TUNSETCARRIER, 1)
    monitor.told("what changes nothing")
    face.close(1)
    monitor.told("close of the second queue")
    face.delete("dif0")
    monitor.told("deletion")
    face.close(0)
    monitor.told("close after that")
    monitor.socket.close()


def while_up(face):
    """What is told while the interface is up."""
    changes(face, True)


def while_down(face):
    """What is told while it is down."""
    changes(face, False)


facediff.same(while_up, while_down)
