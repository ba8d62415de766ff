# SPDX-License-Identifier: BSD-2-Clause
"""
Root of a container, in a user namespace of his own, may do with /dev/net/tap what he may do with /dev/net/tun:
make interfaces in his network namespace, name only owners he has, and attach to what belongs to him outside, but not
more.
"""
import fcntl
import os

import facediff
import proc
import tunabi
from check import equal
from facespace import named
from tunabi import IFF_MULTI_QUEUE, IFF_NAPI, IFF_NAPI_FRAGS, IFF_NO_PI, IFF_TAP, IFF_TUN

TAP = IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE


def attempt(fd, command, argument=0):
    """An ioctl: 0, or its errno's name."""
    try:
        result = fcntl.ioctl(fd, command, argument)
    except OSError as e:
        return named(e.errno)
    return "a descriptor" if isinstance(result, int) and result else 0


def attach(fd, name, flags=TAP):
    """TUNSETIFF"""
    return attempt(fd, tunabi.TUNSETIFF, bytearray(tunabi.ifreq(name, flags)))


def ioctls(whose, fd):
    """Those that look at who asks."""
    found = {}
    for command, values in ((tunabi.TUNSETOWNER, (0, 1, 1000, 65534)), (tunabi.TUNSETGROUP, (0, 1, 1000)),
                            (tunabi.TUNGETDEVNETNS, (0,)), (tunabi.SIOCGSKNS, (0,))):
        for value in values:
            found[f"{whose}: {tunabi.COMMANDS[command]} {value}"] = attempt(fd, command, value)
    return found


def inside(face):
    """In the container's own namespace."""
    def child():
        proc.become_container_root()
        fds = [os.open(face.path, os.O_RDWR | os.O_NONBLOCK) for _ in range(4)]
        found = {"a new interface": attach(fds[0], b"dif0"), "its second queue": attach(fds[1], b"dif0")}
        found |= ioctls("its own interface", fds[0])
        found["NAPI with fragments"] = attach(fds[2], b"dif1", IFF_TAP | IFF_NAPI | IFF_NAPI_FRAGS)
        found["NAPI"] = attach(fds[3], b"dif1", IFF_TUN | IFF_NAPI)
        return found

    for what, result in proc.in_child(child, uid=1000).items():
        face.note_down(what, result)


def outside(face):
    """With descriptors that were opened outside, where there are interfaces of his, of another and of nobody."""
    owners = {"his": 1000, "another": 1001, "nobodys": None}
    for slot, (name, owner) in enumerate(owners.items()):
        face.open(slot)
        equal(face.setiff(slot, name, TAP)[0], 0, "attaching by root")
        if owner:
            face.value(slot, tunabi.TUNSETOWNER, owner)
    for slot in range(3, 7):
        face.open(slot)

    def child():
        proc.become_container_root()
        found = {f"attaching to {name}": attach(face.fd(slot), name.encode())
                 for slot, name in enumerate([*owners, "new"], 3)}
        return found | ioctls("his", face.fd(3)) | ioctls("nobody's", face.fd(2))

    for what, result in proc.in_child(child, uid=1000).items():
        face.note_down(what, result)


facediff.same(inside, outside)
