# SPDX-License-Identifier: BSD-2-Clause
"""
A network namespace for comparing drivers: an administrator's sockets into it, through which interfaces are
changed, looked at, sent out of and listened to without starting a program for each. What fails is told by the
name of its errno.
"""
import ctypes
import errno
import fcntl
import os
import select
import socket
import struct
import time

import link
import proc
from check import Failure
from netlink import attribute, attributes

RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, NLMSG_ERROR, NLMSG_DONE = 16, 17, 18, 2, 3
REQUEST, ACK, DUMP, EXCL, CREATE = 1, 4, 0x300, 0x200, 0x400
IFLA_ADDRESS, IFLA_BROADCAST, IFLA_IFNAME, IFLA_MTU = 1, 2, 3, 4
IFLA_TXQLEN, IFLA_LINKINFO, IFLA_NET_NS_FD, IFLA_IFALIAS = 13, 18, 28, 20
IFLA_GROUP, IFLA_CARRIER, IFLA_XDP = 27, 33, 43
SIOCETHTOOL = 0x8946
ETH_P_ALL = 3
SOL_PACKET, PACKET_AUXDATA, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING = 263, 8, 15, 23
SO_RCVBUFFORCE, SO_SNDBUFFORCE = 33, 32
NOBODY = 0x7ffffff0    # an interface that is not there


def named(number):
    """An errno's name."""
    return errno.errorcode.get(number, str(number))


class Space:
    """One namespace; a new one unless it is @here, the caller's own. The caller stays where he is."""

    def __init__(self, here=False):
        self.netns = proc.Netns(os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC) if here else None)
        with self.netns:
            link.quiet()
            self.route = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
            self.route.bind((0, 0))
            self.control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.senders = []
            for header in (0, 1):
                sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
                sender.setsockopt(SOL_PACKET, PACKET_VNET_HDR, header)
                sender.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, 8 << 20)
                self.senders.append(sender)
            # Bound to no interface it hears all of them, those of the future too.
            self.ears = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
            self.ears.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
            self.ears.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
            self.ears.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
            self.ears.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
            self.ears.setblocking(False)
        self.number = 0
        self.ino = os.fstat(self.netns.fd).st_ino

    def close(self):
        """Let go of it."""
        for sock in (self.route, self.control, *self.senders, self.ears):
            sock.close()
        self.netns.close()

    # --- rtnetlink ---------------------------------------------------------

    def ask(self, kind, flags, index=0, extra=b"", ifi_flags=0, change=0):
        """A request about one link, or all of them; [(index, flags, type, bytes of attributes)]. Errors are OSErrors."""
        self.number += 1
        body = struct.pack("BxHiII", socket.AF_UNSPEC, 0, index, ifi_flags, change) + extra
        self.route.send(struct.pack("IHHII", 16 + len(body), kind, REQUEST | flags, self.number, 0) + body)
        answers = []
        while True:
            data = self.route.recv(1 << 17)
            while data:
                length, what, _, number, _ = struct.unpack_from("IHHII", data)
                payload, data = data[16:length], data[length + 3 & ~3:]
                if number != self.number:
                    continue
                if what == NLMSG_ERROR:
                    error = -struct.unpack_from("i", payload)[0]
                    if error:
                        raise OSError(error, os.strerror(error))
                    return answers
                if what == NLMSG_DONE:
                    return answers
                _, hatype, ifindex, ifflags, _ = struct.unpack_from("BxHiII", payload)
                answers.append((ifindex, ifflags, hatype, payload[16:]))
                if not flags & (DUMP | ACK):
                    return answers

    def links(self):
        """{name: index} of all interfaces but lo."""
        found = {}
        for index, _, _, attrs in self.ask(RTM_GETLINK, DUMP):
            length, kind = struct.unpack_from("HH", attrs)
            if kind != IFLA_IFNAME:
                raise Failure("rtnetlink does not begin with the interface's name")
            if attrs[4:length] != b"lo\0":
                found[attrs[4:length - 1].decode("latin-1")] = index
        return found

    def index(self, name):
        """Its index, or NOBODY's."""
        try:
            return self.ask(RTM_GETLINK, 0, 0, attribute(IFLA_IFNAME, name.encode("latin-1") + b"\0"))[0][0]
        except OSError:
            return NOBODY

    def get(self, index):
        """(flags, type, {attribute: bytes}) of a link."""
        _, flags, hatype, attrs = self.ask(RTM_GETLINK, 0, index)[0]
        return flags, hatype, dict(attributes(attrs))

    def set(self, name, attrs=(), flags=0, change=0):
        """RTM_NEWLINK on one that is there: 0 or an errno's name."""
        extra = b"".join(attribute(kind, data) for kind, data in attrs)
        try:
            self.ask(RTM_NEWLINK, ACK, self.index(name), extra, flags, change)
        except OSError as e:
            return named(e.errno)
        return 0

    def delete(self, name):
        """RTM_DELLINK."""
        try:
            self.ask(RTM_DELLINK, ACK, self.index(name))
        except OSError as e:
            return named(e.errno)
        return 0

    def add(self, name, kind, data=None):
        """RTM_NEWLINK that makes one."""
        info = attribute(1, kind.encode() + b"\0") + (attribute(2, data) if data is not None else b"")
        extra = attribute(IFLA_IFNAME, name.encode("latin-1") + b"\0") + attribute(IFLA_LINKINFO, info)
        try:
            self.ask(RTM_NEWLINK, ACK | CREATE | EXCL, 0, extra)
        except OSError as e:
            return named(e.errno)
        return 0

    # --- ethtool -----------------------------------------------------------

    def ethtool(self, name, request, is_there=False):
        """SIOCETHTOOL; the bytes afterwards, or an errno's name."""
        if not is_there and self.index(name) == NOBODY:
            return "ENODEV"     # for which the kernel would first run modprobe(8)
        buffer = ctypes.create_string_buffer(bytes(request), len(request))
        ifr = struct.pack("16sQ16x", name.encode("latin-1"), ctypes.addressof(buffer))
        try:
            fcntl.ioctl(self.control, SIOCETHTOOL, ifr)
        except OSError as e:
            return named(e.errno)
        return buffer.raw

    # --- frames ------------------------------------------------------------

    def send(self, name, data, protocol=0, header=None):
        """Out of an interface, by a packet socket; @header is a virtio header for the stack. 0 or an errno's name."""
        address = struct.pack("<HHiHBB8s", socket.AF_PACKET, socket.htons(protocol), self.index(name), 0, 0, 6, b"")
        whole = (header or b"") + data
        sent = proc.libc.sendto(self.senders[header is not None].fileno(), whole, len(whole), socket.MSG_DONTWAIT,
                                address, len(address))
        if sent == -1:
            return named(ctypes.get_errno())
        return 0 if sent == len(whole) else sent

    def hear(self, at_least=0, seconds=0.1):
        """
        Frames that came in through any interface, each with what the stack knows of it; waits a little for
        @at_least of them.
        """
        heard = []
        end = time.monotonic() + seconds
        while True:
            try:
                data, control, _, address = self.ears.recvmsg(1 << 19, 256)
            except BlockingIOError:
                if len(heard) >= at_least or not select.select([self.ears], [], [], max(0, end - time.monotonic()))[0]:
                    return heard
                continue
            except OSError as e:
                heard.append((named(e.errno),))
                continue
            name, protocol, kind, hatype, sender = address
            vlan = [tuple(struct.unpack("IIIHHHH", c[2]))[5:] for c in control if c[:2] == (SOL_PACKET, PACKET_AUXDATA)]
            status = [struct.unpack_from("I", c[2])[0] for c in control if c[:2] == (SOL_PACKET, PACKET_AUXDATA)]
            heard.append((name, hex(protocol), kind, hatype, sender.hex(), status, vlan, data[:10].hex(), data[10:]))

    # --- carriers ----------------------------------------------------------

    def settle(self, index, seconds=60):
        """The link, once its operational state follows its carrier: the kernel lets up to a second pass."""
        end = time.monotonic() + seconds
        while True:
            flags, hatype, attrs = self.get(index)
            changes = struct.unpack("I", attrs[35])[0]
            carrier, state = attrs[IFLA_CARRIER][0], attrs[16][0]
            if not changes or not flags & 1 or state == (6 if carrier else 2):
                return flags, hatype, attrs
            if time.monotonic() > end:
                raise Failure(f"interface {index}: operational state {state} with carrier {carrier} after {seconds} s")
            time.sleep(0.01)

    def settle_all(self):
        """The same for all of them."""
        for index in self.links().values():
            try:
                self.settle(index)
            except OSError as e:
                if e.errno != errno.ENODEV:
                    raise
