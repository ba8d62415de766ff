# SPDX-License-Identifier: BSD-2-Clause
"""
Errors on /dev/net/tap have the numbers that programs know from /dev/net/tun: not attached EBADFD, down EIO, short
EINVAL, too many frames for no room EAGAIN, busy EBUSY, attached EEXIST, not allowed EPERM, unknown EINVAL, empty
writes EINVAL. They are written out here, and both must give them.
"""
import facediff
import tunabi
from check import equal
from tunabi import (IFF_ATTACH_QUEUE, IFF_DETACH_QUEUE, IFF_MULTI_QUEUE, IFF_NAPI, IFF_NAPI_FRAGS, IFF_NO_PI, IFF_TAP,
                    IFF_TUN, IFF_TUN_EXCL, IFF_VNET_HDR)

FRAME = bytes(range(60))
PACKET = b"\x45" + bytes(59)
TAP, TUN = IFF_TAP | IFF_NO_PI, IFF_TUN | IFF_NO_PI


def result(answer):
    """0, a number or an errno, without what else was told."""
    return answer[0] if isinstance(answer, tuple) else answer


def is_(answer, expected, what):
    """Hold one against what is right."""
    equal(result(answer), expected, what)


def unattached(face):
    """A descriptor that is not attached: EBADFD."""
    face.open(0)
    is_(face.read(0, (100,)), "EBADFD", "read")
    is_(face.write(0, (FRAME,)), "EBADFD", "write")
    is_(face.write(0, (b"",)), "EBADFD", "an empty write")
    is_(face.poll(0), "ERR", "poll")
    is_(face.getiff(0), "EBADFD", "TUNGETIFF")
    is_(face.value(0, tunabi.TUNSETPERSIST, 1), "EBADFD", "TUNSETPERSIST")
    is_(face.value(0, tunabi.TUNSETOFFLOAD, 0), "EBADFD", "TUNSETOFFLOAD")
    is_(face.integer(0, tunabi.TUNSETVNETHDRSZ, 10), "EBADFD", "TUNSETVNETHDRSZ")
    is_(face.value(0, 0x1234, 0), "EBADFD", "an unknown ioctl")
    is_(face.setqueue(0, IFF_DETACH_QUEUE), "EINVAL", "detaching")
    is_(face.setqueue(0, IFF_ATTACH_QUEUE), "EINVAL", "attaching")
    is_(face.integer(0, tunabi.TUNGETFEATURES, 0), 0, "TUNGETFEATURES")
    equal(face.log[-1][1][1] | tunabi.IFF_NAPI_FRAGS, 0x7173, "the features, but for one that is listed")
    is_(face.misc(0, "fionread"), "EBADFD", "FIONREAD")
    is_(face.fdinfo(0)[-1], "iff:", "the last line of fdinfo")


def attaching(face):
    """Attaching what cannot be: EEXIST, EBUSY, EINVAL, EPERM."""
    face.open(0), face.open(1)
    is_(face.setiff(0, "dif0", IFF_NO_PI), "EINVAL", "neither tap nor tun")
    is_(face.setiff(0, "lo", TAP), "EINVAL", "a foreign interface")
    is_(face.setiff(0, "a/b", TAP), "EINVAL", "no name for an interface")
    is_(face.setiff(0, "dif0", TAP | IFF_NAPI_FRAGS), "EINVAL", "fragments without NAPI")
    is_(face.setiff(0, "dif0", TUN | IFF_NAPI | IFF_NAPI_FRAGS), "EINVAL", "fragments of packets")
    is_(face.setiff(0, "dif0", TAP), 0, "a new interface")
    is_(face.setiff(0, "dif1", TAP), "EEXIST", "a second interface for a descriptor")
    is_(face.integer(0, tunabi.TUNSETIFINDEX, 70001), "EPERM", "TUNSETIFINDEX too late")
    is_(face.setiff(1, "dif0", TAP), "EBUSY", "a second descriptor for an interface")
    is_(face.setiff(1, "dif0", TUN), "EINVAL", "a tap as tun")
    is_(face.setiff(1, "dif0", TAP | IFF_MULTI_QUEUE), "EINVAL", "one queue as many")
    is_(face.setiff(1, "dif0", TAP | IFF_TUN_EXCL), "EBUSY", "a new one of a name that is taken")
    is_(face.setiff(1, "dif0", TAP, "bad"), "EFAULT", "a bad pointer")
    face.user(1000, 1000, ())
    is_(face.setiff(1, "dif1", TAP), "EPERM", "a new interface, by a user")
    face.user(0, 0, ())
    is_(face.setqueue(0, IFF_DETACH_QUEUE), "EINVAL", "detaching the only queue")
    is_(face.fdinfo(0)[-1], "iff: dif0", "the last line of fdinfo")


def writing(face):
    """Writing what cannot be: EIO, EINVAL, EFAULT."""
    face.open(0), face.setiff(0, "dif0", TAP)
    face.open(1), face.setiff(1, "dif1", TUN)
    face.open(2), face.setiff(2, "dif2", IFF_TAP | IFF_VNET_HDR)
    is_(face.write(0, (FRAME,)), "EIO", "a frame while down")
    is_(face.write(1, (PACKET,)), "EIO", "a packet while down")
    is_(face.write(0, (b"",)), "EINVAL", "nothing, while down")
    is_(face.write(1, (b"",)), "EINVAL", "nothing, while down")
    for name in ("dif0", "dif1", "dif2"):
        face.up(name)
    is_(face.write(0, (FRAME,)), 60, "a frame")
    is_(face.write(1, (PACKET,)), 60, "a packet")
    is_(face.write(0, (b"",)), "EINVAL", "nothing")
    is_(face.write(1, (b"",)), "EINVAL", "nothing")
    is_(face.write(0, (FRAME[:13],)), "EINVAL", "13 bytes of a frame")
    is_(face.write(0, (FRAME[:14],)), 14, "14 bytes of a frame")
    is_(face.write(1, (b"\x75" + PACKET[1:],)), "EINVAL", "a packet of no known version")
    is_(face.write(2, (bytes(3),)), "EINVAL", "a piece of the packet information")
    is_(face.write(2, (bytes(4 + 9),)), "EINVAL", "a piece of the offload header")
    is_(face.write(2, (bytes(4 + 10 + 13),)), "EINVAL", "headers and a piece of a frame")
    is_(face.write(2, (bytes(4), tunabi.VNET.pack(0, 0, 100, 0, 0, 0), FRAME)), "EINVAL", "less than is header")
    is_(face.write(2, (bytes(4), tunabi.VNET.pack(0, 9, 0, 100, 0, 0), FRAME)), "EINVAL", "an unknown kind of segment")
    is_(face.write(2, (bytes(4), tunabi.VNET.pack(1, 0, 0, 0, 59, 6), FRAME)), "EINVAL", "a sum beyond the end")
    is_(face.write(2, (bytes(4), bytes(10), FRAME)), 74, "a frame with headers")
    is_(face.write(0, (FRAME,), "bad"), "EFAULT", "a bad pointer")


def reading(face):
    """Reading what cannot be: EAGAIN, EINVAL, EFAULT; EINTR when a signal comes."""
    face.open(0), face.setiff(0, "dif0", TAP)
    face.open(1), face.setiff(1, "dif1", IFF_TAP | IFF_VNET_HDR)
    is_(face.read(0, (100,)), "EAGAIN", "read while down")
    for name in ("dif0", "dif1"):
        face.up(name)
    is_(face.read(0, (100,)), "EAGAIN", "read")
    is_(face.read(0, (0,)), 0, "an empty read")
    for size, expected in ((3, "EINVAL"), (4, "EINVAL"), (13, "EINVAL"), (14, 14), (20, 20), (100, 74)):
        face.send("dif1", FRAME)
        is_(face.read(1, (size,)), expected, f"{size} bytes of headers and a frame")
        is_(face.read(1, (100,)), "EAGAIN", "and then")
    face.fcntl(0, "block")
    is_(face.read(0, (60,)), "EINTR", "a read that a signal interrupts")


def ioctls(face):
    """ioctls with bad arguments: EINVAL, EFAULT, EBUSY."""
    face.open(0), face.setiff(0, "dif0", TAP)
    face.open(1), face.setiff(1, "dif1", TUN)
    for command in (0x1234, 0x540b, 0x400454e4, 0x80047459, 0x8913):
        is_(face.memory(0, command, bytes(64)), "EINVAL", f"the unknown ioctl {command:#x}")
    is_(face.integer(0, tunabi.TUNSETVNETHDRSZ, 9), "EINVAL", "a header of 9 bytes")
    is_(face.integer(0, tunabi.TUNSETSNDBUF, 0), "EINVAL", "no send buffer")
    is_(face.value(0, tunabi.TUNSETOFFLOAD, 0x80), "EINVAL", "an unknown offload")
    is_(face.value(0, tunabi.TUNSETOFFLOAD, tunabi.TUN_F_CSUM | tunabi.TUN_F_USO4), "EINVAL", "half of UDP segmentation")
    is_(face.value(0, tunabi.TUNSETOWNER, 0xffffffff), "EINVAL", "nobody as owner")
    is_(face.txfilter(1, 0, ()), "EINVAL", "a filter for packets")
    is_(face.attachfilter(1, "accept"), "EINVAL", "a filter for packets")
    is_(face.attachfilter(0, "invalid"), "EINVAL", "no filter")
    is_(face.ebpf(0, tunabi.TUNSETSTEERINGEBPF, "closed"), "EBADF", "a program that is none")
    is_(face.ebpf(0, tunabi.TUNSETSTEERINGEBPF, "xdp"), "EINVAL", "a program for something else")
    is_(face.integer(0, tunabi.TUNSETVNETBE, 1), "EINVAL", "big endian headers")
    is_(face.integer(0, tunabi.TUNGETSNDBUF, 0, "bad"), "EFAULT", "a bad pointer")
    is_(face.setqueue(0, 0), "EINVAL", "neither attaching nor detaching")
    face.up("dif0")
    is_(face.value(0, tunabi.TUNSETLINK, 1), "EBUSY", "another type while up")
    is_(face.misc(0, "lseek"), "ESPIPE", "lseek")
    is_(face.misc(0, "fionread"), "EINVAL", "FIONREAD")


def gone(face):
    """After the interface is deleted: EBADFD."""
    face.open(0), face.setiff(0, "dif0", TAP)
    face.up("dif0")
    face.delete("dif0")
    is_(face.read(0, (100,)), "EBADFD", "read")
    is_(face.write(0, (FRAME,)), "EBADFD", "write")
    is_(face.poll(0), "ERR", "poll")
    is_(face.getiff(0), "EBADFD", "TUNGETIFF")
    is_(face.fdinfo(0)[-1], "iff:", "the last line of fdinfo")
    is_(face.setiff(0, "dif1", TUN), 0, "attaching to another")


facediff.same(unattached, attaching, writing, reading, ioctls, gone)
