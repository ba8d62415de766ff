# SPDX-License-Identifier: BSD-2-Clause
"""Units as files: nodes, opening, frames in and out, ioctls."""
import array
import fcntl
import os
import select
import stat
import struct
import time

import abi
from check import Failure

# More than any frame has.
ROOM = 70000


def major():
    """The major number of the module's nodes."""
    with open("/proc/devices", encoding="ascii") as f:
        for line in f:
            if line.split()[1:] == ["if_tap"]:
                return int(line.split()[0])
    raise Failure("no if_tap in /proc/devices: the module is not loaded")


def minor(kind, number):
    """The minor number of unit @number of @kind "tap" or "vmnet"."""
    return number | (abi.MINOR_VMNET if kind == "vmnet" else 0)


def make_node(number, name=None, mode=0o600):
    """Make a node for minor @number, here, and return its path."""
    path = os.path.abspath(name or f"node-{number:#x}")
    os.mknod(path, stat.S_IFCHR | mode, os.makedev(major(), number))
    os.chmod(path, mode)    # whatever the umask
    return path


def node(kind, number):
    """The path of the unit's node: the module's own, or one made here."""
    path = f"/dev/{kind}{number}"
    if os.path.exists(path):
        return path
    path = os.path.abspath(f"{kind}{number}.node")
    if not os.path.exists(path):
        make_node(minor(kind, number), path)
    return path


class Tap:
    """An open unit. tap.Tap() is /dev/tap0, tap.Tap(1, "vmnet") /dev/vmnet1, tap.Tap(path=...) any node."""

    def __init__(self, number=0, kind="tap", flags=0, path=None):
        self.fd = os.open(path or node(kind, number), os.O_RDWR | os.O_CLOEXEC | flags)
        self.name = None if path else f"{kind}{number}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def fileno(self):
        """For select and its like."""
        return self.fd

    def close(self):
        """Close the descriptor, if it is not yet closed."""
        fd, self.fd = self.fd, -1
        if fd >= 0:
            os.close(fd)

    def read(self, room=ROOM):
        """One frame; sleeps for it, unless the descriptor is non-blocking."""
        return os.read(self.fd, room)

    def write(self, frame):
        """One frame to the stack."""
        return os.write(self.fd, frame)

    def poll(self, seconds=0, events=select.POLLIN):
        """
        What poll(2) says within @seconds; 0 is nothing. Before it gives up it looks once more, so that who was not
        woken is told at the end of his time: that is a failure.
        """
        p = select.poll()
        p.register(self.fd, events)
        start = time.monotonic()
        said = sum(event for _, event in p.poll(seconds * 1000))
        if said and 0 < seconds <= time.monotonic() - start:
            raise Failure(f"poll() was not woken in {seconds} s, and then says {said:#x}")
        return said

    def receive(self, seconds=20):
        """One frame, for which it waits @seconds at most."""
        if not self.poll(seconds) & select.POLLIN:
            raise Failure(f"no frame to read within {seconds} s")
        return self.read()

    def drain(self):
        """All frames that wait now."""
        frames = []
        while self.poll() & select.POLLIN:
            frames.append(self.read())
        return frames

    def ioctl(self, command, argument=0):
        """ioctl(2) with a buffer, which is changed, or a number."""
        return fcntl.ioctl(self.fd, command, argument)

    def get(self, command, form="i"):
        """What an ioctl with a pointer to a struct of @form gives."""
        buffer = bytearray(struct.calcsize(form))
        self.ioctl(command, buffer)
        values = struct.unpack(form, buffer)
        return values[0] if len(values) == 1 else values

    def set(self, command, *values, form="i"):
        """Give an ioctl a pointer to a struct of @form with @values."""
        self.ioctl(command, struct.pack(form, *values))

    def ifname(self):
        """The interface's name, by TAPGIFNAME."""
        return self.get(abi.TAPGIFNAME, "40s")[:16].split(b"\0")[0].decode()

    def waiting(self):
        """The length of the first frame that waits."""
        n = array.array("i", [-1])
        fcntl.ioctl(self.fd, abi.FIONREAD, n)
        return n[0]


class Queue(Tap):
    """A descriptor of another queue of an open unit, by TAPQUEUE."""

    def __init__(self, unit, index):
        self.fd = fcntl.ioctl(unit.fd, abi.TAPQUEUE, bytearray(struct.pack("i", index)))
        self.name = None
