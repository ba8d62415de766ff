# SPDX-License-Identifier: BSD-2-Clause
"""rtnetlink, as far as ip(8) does not know the link kind: its own attributes."""
import os
import socket
import struct

RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, RTM_NEWNSID = 16, 17, 18, 88
REQUEST, ACK, EXCLUSIVE, CREATE = 1, 4, 0x200, 0x400
IFLA_IFNAME, IFLA_LINKINFO, IFLA_TARGET_NETNSID, INFO_KIND, INFO_DATA = 3, 18, 46, 1, 2
NETNSA_NSID, NETNSA_FD = 1, 3
KIND, UNIT, OPEN, OPENER_PID, OPENER_COMM, REMOTE_ADDRESS, TRANSIENT, BAUDRATE, QUEUED = range(1, 10)
NAMES = {KIND: ("kind", "B"), UNIT: ("unit", "I"), OPEN: ("open", "B"), OPENER_PID: ("opener_pid", "I"),
         OPENER_COMM: ("opener_comm", None), REMOTE_ADDRESS: ("remote_address", "6s"), TRANSIENT: ("transient", "B"),
         BAUDRATE: ("baudrate", "i"), QUEUED: ("queued", "I")}


def attribute(kind, data):
    """One, padded."""
    return struct.pack("HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)


def attributes(data):
    """[(kind, data)]"""
    found = []
    while data:
        length, kind = struct.unpack_from("HH", data)
        found.append((kind & 0x3fff, data[4:length]))
        data = data[length + 3 & ~3:]
    return found


def exchange(kind, flags, body):
    """Send one message; the answer's body. Errors are OSErrors."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as s:
        s.settimeout(20)
        s.send(struct.pack("IHHII", 16 + len(body), kind, REQUEST | flags, 1, 0) + body)
        answer = s.recv(65536)
    length, what = struct.unpack_from("IH", answer)
    if what == 2:   # NLMSG_ERROR, which also acknowledges
        error = -struct.unpack_from("i", answer, 16)[0]
        if error:
            raise OSError(error, os.strerror(error))
        return b""
    return answer[16:length]


def request(kind, flags, name, *extra):
    """Ask about, or for, the interface @name; the answer's attributes."""
    header = struct.pack("BxHiII", socket.AF_UNSPEC, 0, 0, 0, 0)
    name = attribute(IFLA_IFNAME, name.encode() + b"\0")
    return attributes(exchange(kind, flags, header + name + b"".join(extra))[16:])


def unit(name, nsid=None):
    """The attributes of the link kind, by name; of an interface in the namespace that is @nsid here."""
    there = [] if nsid is None else [attribute(IFLA_TARGET_NETNSID, struct.pack("i", nsid))]
    info = dict(request(RTM_GETLINK, 0, name, *there))[IFLA_LINKINFO]
    data = dict(attributes(info))[INFO_DATA]
    found = {}
    for kind, value in attributes(data):
        key, form = NAMES[kind]
        found[key] = struct.unpack(form, value)[0] if form else value.rstrip(b"\0").decode()
    return found


def add(name, *data):
    """Make a link with these attributes in its data."""
    info = attribute(INFO_KIND, b"if_tap\0") + attribute(INFO_DATA, b"".join(data))
    request(RTM_NEWLINK, ACK | CREATE | EXCLUSIVE, name, attribute(IFLA_LINKINFO, info))


def number_namespace(fd, nsid):
    """From now on the namespace is @nsid to who is in ours."""
    exchange(RTM_NEWNSID, ACK, struct.pack("Bxxx", socket.AF_UNSPEC) + attribute(NETNSA_FD, struct.pack("I", fd)) +
             attribute(NETNSA_NSID, struct.pack("i", nsid)))


def delete(name):
    """Delete a link, sooner than ip(8) would have started."""
    request(RTM_DELLINK, ACK, name)
