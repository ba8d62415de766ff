# SPDX-License-Identifier: BSD-2-Clause
"""
A driver of the tun family as a program meets it: Face("/dev/net/tun") makes calls and remembers what came of each,
in a form in which two drivers can be compared: errnos by name, random addresses by their order, pointers and
processes by what they are.

Each method is a call, its arguments plain values, the first mostly a slot: the place of a descriptor. face.log has
(call, result) of all of them. Interfaces are changed by the administrator whoever the program is just now.
"""
import contextlib
import ctypes
import fcntl
import functools
import os
import select
import signal
import struct
import time

import facespace
import facestate
import netlink
import tunabi
from check import Failure
from facespace import named

SIG_RT = 40
O_ASYNC, F_SETSIG, F_GETSIG, FIOASYNC = 0x2000, 10, 11, 0x5452
RWF_NOWAIT = 8
PAGE = 4096
BPF, BPF_PROG_LOAD = 321, 5
PROG_TYPE = {"socket": 1, "xdp": 6}
XDP_ABORTED, XDP_DROP, XDP_PASS, XDP_TX = range(4)
FILTERS = {     # classic programs: (code, jt, jf, k)...
    "accept": [(0x06, 0, 0, 65535)], "drop": [(0x06, 0, 0, 0)], "first 30": [(0x06, 0, 0, 30)],
    "long ones": [(0x80, 0, 0, 0), (0x35, 0, 1, 100), (0x06, 0, 0, 65535), (0x06, 0, 0, 0)],
    "invalid": [(0xffff, 0, 0, 0)], "endless": [(0x00, 0, 0, 0)], "empty": [],
    "too long": [(0x00, 0, 0, 0)] * 4100 + [(0x06, 0, 0, 65535)],
}
NOWHERE = 1     # an address nobody may read or write

C = ctypes.CDLL(None, use_errno=True)
for function in ("read", "write", "pread64", "pwrite64", "readv", "writev", "preadv2", "pwritev2", "splice"):
    getattr(C, function).restype = ctypes.c_ssize_t
C.mmap.restype = ctypes.c_void_p


def sys(function, *args):
    """What a C function returns, or the name of its errno."""
    result = function(*args)
    return named(ctypes.get_errno()) if result == -1 else result


def size(n):
    """A size_t for ctypes."""
    return ctypes.c_size_t(n)


def pointer(n):
    """An address for ctypes."""
    return ctypes.c_void_p(n)


@functools.lru_cache(None)
def filter_memory(name):
    """A classic program's memory, which stays where it is: tun reads it again whenever a queue attaches."""
    code = b"".join(struct.pack("HBBI", *line) for line in FILTERS[name])
    return len(FILTERS[name]), ctypes.create_string_buffer(code, max(8, len(code)))


def bpf_program(kind, result):
    """A loaded program that only returns @result: its descriptor."""
    code = struct.pack("BBhi", 0xb7, 0, 0, result) + struct.pack("BBhi", 0x95, 0, 0, 0)
    code, licence = ctypes.create_string_buffer(code, 16), ctypes.create_string_buffer(b"GPL")
    attr = struct.pack("IIQQ", PROG_TYPE[kind], 2, ctypes.addressof(code), ctypes.addressof(licence)).ljust(120, b"\0")
    fd = C.syscall(BPF, BPF_PROG_LOAD, attr, 120)
    if fd < 0:
        raise Failure(f"a BPF program cannot be loaded: {named(ctypes.get_errno())}")
    return fd


class File:
    """An open file: in which namespace it was opened, and the slots that have it."""

    def __init__(self, space):
        self.space, self.slots = space, 1


class Ground:
    """Where a process compares: a namespace of its own with /sys and a foreign interface, cleaned up after each use."""

    def __init__(self):
        """The caller is in a network and mount namespace of its own."""
        self.home = facespace.Space(here=True)
        signal.signal(signal.SIGALRM, lambda *_: None)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGIO, SIG_RT])
        self.clean()

    def clean(self):
        """Only dum0 is there, and nothing to be heard."""
        for name in self.home.links():
            if name != "dum0":
                self.home.delete(name)
        if "dum0" not in self.home.links() and self.home.add("dum0", "dummy"):
            raise Failure("the dummy interface cannot be made")
        left = sorted(self.home.links())
        if left != ["dum0"]:
            raise Failure(f"interfaces that cannot be deleted: {left}")
        self.home.hear()


def call(method):
    """A method whose calls are logged."""
    @functools.wraps(method)
    def logged(self, *args):
        return self.perform((method.__name__, *args))
    logged.plain = method
    return logged


class Face:
    """One driver, until end()."""

    def __init__(self, path, ground, note=None):
        self.path, self.ground, self.note = path, ground, note
        self.spaces = {"home": ground.home}
        self.fds, self.files, self.blocking = {}, {}, set()
        self.log, self.macs, self.told = [], {}, set()
        self.user_now = (0, 0, ())
        self.dirty = self.napi = False
        self.expected = 0
        self.dying = []

    def perform(self, operation):
        """Make a call, log it, return what came of it."""
        if self.note:
            self.note(self.path, len(self.log), operation)
        result = getattr(type(self), operation[0]).plain(self, *operation[1:])
        self.log.append((operation, result))
        return result

    def end(self):
        """Nothing is left, whatever has happened."""
        self.be(0, 0, ())
        for slot in list(self.fds):
            self.drop(slot)
        for name in list(self.spaces):
            if name != "home":
                self.spaces.pop(name).close()
        while signal.sigtimedwait([signal.SIGIO, SIG_RT], 0):
            pass
        self.ground.clean()

    # --- who and where -----------------------------------------------------

    def be(self, uid, gid, groups):
        """Be somebody."""
        os.seteuid(0)
        os.setgroups(list(groups))
        os.setegid(gid)
        os.seteuid(uid)

    @contextlib.contextmanager
    def admin(self):
        """The administrator for a moment."""
        if self.user_now[0] == 0:
            yield
            return
        self.be(0, 0, ())
        try:
            yield
        finally:
            self.be(*self.user_now)

    def space(self, name):
        """A namespace by name: "home", or "other", which is made when it is first needed."""
        if name not in self.spaces:
            with self.admin():
                self.spaces[name] = facespace.Space()
        return self.spaces[name]

    def note_down(self, what, value):
        """Something else that came of it, which must be the same too."""
        self.log.append((("noted", what), value))
        return value

    @call
    def user(self, uid, gid, groups):
        """The program is this user from now on; without capabilities unless it is 0."""
        self.user_now = (uid, gid, groups)
        self.be(uid, gid, groups)

    # --- descriptors -------------------------------------------------------

    def fd(self, slot):
        """The descriptor in a slot, or -1."""
        return self.fds.get(slot, -1)

    def put(self, slot, fd, file):
        """Put a descriptor into a slot."""
        self.drop(slot)
        self.fds[slot], self.files[slot] = fd, file

    def drop(self, slot):
        """Close what is in a slot; how that went."""
        if slot not in self.fds:
            return "EBADF"
        self.dirty = True
        file = self.files.pop(slot)
        self.blocking.discard(slot)
        result = sys(C.close, self.fds.pop(slot))
        file.slots -= 1
        if not file.slots:
            self.await_the_dying()
        return result

    @call
    def open(self, slot, mode="rw", where="home", nonblock=True):
        """Open the driver's node."""
        flags = {"rw": os.O_RDWR, "r": os.O_RDONLY, "w": os.O_WRONLY}[mode] | (os.O_NONBLOCK if nonblock else 0)
        space = self.space(where)
        if where == "home":
            fd = sys(C.open, self.path.encode(), flags | os.O_CLOEXEC)
        else:
            with self.admin():
                space.netns.__enter__()
            try:
                fd = sys(C.open, self.path.encode(), flags | os.O_CLOEXEC)
            finally:
                with self.admin():
                    space.netns.__exit__()
        if isinstance(fd, str):
            return fd
        self.put(slot, fd, File(space))
        if not nonblock:
            self.blocking.add(slot)
        return 0

    @call
    def dup(self, slot, to):
        """dup(2) into another slot."""
        if slot not in self.fds or slot == to:
            return sys(C.dup, -1)
        file = self.files[slot]
        file.slots += 1
        self.put(to, fcntl.fcntl(self.fds[slot], fcntl.F_DUPFD_CLOEXEC, 3), file)
        if slot in self.blocking:
            self.blocking.add(to)
        return 0

    @call
    def close(self, slot):
        """close(2)."""
        return self.drop(slot)

    @call
    def fdinfo(self, slot):
        """/proc/self/fdinfo, but for what names the node."""
        if slot not in self.fds:
            return "ENOENT"
        with self.admin():
            lines = facestate.slurp(f"/proc/self/fdinfo/{self.fd(slot)}").split("\n")
        return tuple(" ".join(line.split()) for line in lines if not line.startswith(("ino", "mnt_id")))

    @call
    def fcntl(self, slot, what):
        """Flags and owners: getfl, block, nonblock, async, sync, getown, setsig, getsig, disown."""
        command, argument = {"getfl": (fcntl.F_GETFL, 0), "getown": (fcntl.F_GETOWN, 0), "getsig": (F_GETSIG, 0),
                             "setsig": (F_SETSIG, SIG_RT), "disown": (fcntl.F_SETOWN, 0)}.get(what, (None, 0))
        if command is None:
            old = sys(C.fcntl, self.fd(slot), fcntl.F_GETFL, 0)
            if isinstance(old, str):
                return old
            bit = O_ASYNC if what in ("async", "sync") else os.O_NONBLOCK
            command, argument = fcntl.F_SETFL, old | bit if what in ("async", "nonblock") else old & ~bit
            if what in ("block", "nonblock"):
                (self.blocking.add if what == "block" else self.blocking.discard)(slot)
                for other, file in self.files.items():
                    if file is self.files[slot]:
                        (self.blocking.add if what == "block" else self.blocking.discard)(other)
        result = sys(C.fcntl, self.fd(slot), command, argument)
        return "this process" if what == "getown" and result == os.getpid() else result

    @call
    def signals(self):
        """The signals that have come, with what they tell."""
        found = []
        while True:
            info = signal.sigtimedwait([signal.SIGIO, SIG_RT], 0)
            if info is None:
                return tuple(found)
            found.append((info.si_signo, info.si_code, info.si_band if info.si_code > 0 else 0))

    # --- ioctls ------------------------------------------------------------

    def ioctl(self, slot, command, argument):
        """ioctl(2) with a bare number."""
        return sys(C.ioctl, self.fd(slot), ctypes.c_ulong(command), ctypes.c_ulong(argument & (1 << 64) - 1))

    def ioctl_at(self, slot, command, data, where="memory"):
        """
        With a pointer to a copy of @data: in memory, in "ro" memory, which cannot be written, or "bad", nowhere.
        (0 or an errno, the bytes afterwards)
        """
        if where == "bad":
            return self.ioctl(slot, command, NOWHERE), None
        if where == "null":
            return self.ioctl(slot, command, 0), None
        if where == "ro":
            page = C.mmap(None, size(PAGE), 3, 0x22, -1, ctypes.c_long(0))
            try:
                ctypes.memmove(page, data, len(data))
                C.mprotect(pointer(page), size(PAGE), 1)
                return self.ioctl(slot, command, page), ctypes.string_at(page, len(data))
            finally:
                C.munmap(pointer(page), size(PAGE))
        buffer = ctypes.create_string_buffer(data, len(data))
        result = self.ioctl(slot, command, ctypes.addressof(buffer))
        return result, buffer.raw

    @call
    def setiff(self, slot, name, flags, where="memory"):
        """TUNSETIFF; @name is text, with any characters, and is cut at 16 without an end."""
        self.dirty = True
        self.napi = self.napi or bool(flags & tunabi.IFF_NAPI)
        raw = name.encode("latin-1")
        result, data = self.ioctl_at(slot, tunabi.TUNSETIFF, tunabi.ifreq(raw, flags), where)
        if data is None:
            return result
        name = facestate.string(data[:16])
        if result == 0 and slot in self.files:
            self.learn_mac(name, self.files[slot].space)
        elif result == "EFAULT" and slot in self.files:     # it was made, but its name could not be told
            for other in self.files[slot].space.links():
                self.learn_mac(other, self.files[slot].space)
        return result, name, data[16:] if data[16:] != tunabi.ifreq(b"", flags)[16:] else "unchanged"

    def learn_mac(self, name, space):
        """A new interface's address is random: it goes by a name."""
        try:
            with self.admin():
                mac = space.get(space.index(name))[2].get(facespace.IFLA_ADDRESS, b"")
        except OSError:
            return
        if len(mac) == 6 and mac not in self.told:
            self.macs.setdefault(mac, f"mac{len(self.macs)}")

    def address(self, data):
        """A hardware address in hex, or by its name when it is one that the kernel made up."""
        n = min(6, len(data))
        for mac, name in self.macs.items():
            if n >= 4 and data[:n] == mac[:n]:
                return f"{name}/{n}" + data[n:].hex()
        return data.hex()

    @call
    def getiff(self, slot, where="memory"):
        """TUNGETIFF."""
        result, data = self.ioctl_at(slot, tunabi.TUNGETIFF, tunabi.ifreq(b"\xa5" * 16, 0xa5a5), where)
        if result != 0 or data is None:
            return result
        return result, facestate.string(data[:16]), tunabi.flags_named(struct.unpack_from("<H", data, 16)[0]), data[18:]

    @call
    def setqueue(self, slot, flags, where="memory"):
        """TUNSETQUEUE."""
        self.dirty = True
        return self.ioctl_at(slot, tunabi.TUNSETQUEUE, tunabi.ifreq(b"", flags), where)[0]

    @call
    def value(self, slot, command, value):
        """An ioctl whose argument is a number, or any with one it makes nothing of."""
        return self.ioctl(slot, command, value)

    @call
    def integer(self, slot, command, value, where="memory"):
        """An ioctl whose argument points to an int; that int afterwards."""
        if command == tunabi.TUNSETCARRIER:
            self.dirty = True
        result, data = self.ioctl_at(slot, command, struct.pack("<I", value & 0xffffffff) + b"\xa5" * 4, where)
        if data is None:
            return result
        return result, struct.unpack_from("<i", data)[0], data[4:] == b"\xa5" * 4

    @call
    def memory(self, slot, command, data, where="memory"):
        """An ioctl whose argument points to bytes; they afterwards, if they are others."""
        result, after = self.ioctl_at(slot, command, data, where)
        return result, after if after != data else "unchanged"

    @call
    def txfilter(self, slot, flags, addresses, count=None):
        """TUNSETTXFILTER; @count if it should be none of the number of addresses."""
        data = struct.pack("<HH", flags, len(addresses) if count is None else count) + b"".join(addresses)
        return self.ioctl_at(slot, tunabi.TUNSETTXFILTER, data)[0]

    @call
    def attachfilter(self, slot, program):
        """TUNATTACHFILTER with one of FILTERS, "null" or "nowhere"."""
        if program in FILTERS:
            length, memory = filter_memory(program)
            data = struct.pack("<H6xQ", length, ctypes.addressof(memory))
        else:
            data = struct.pack("<H6xQ", 1, 0 if program == "null" else NOWHERE)
        return self.ioctl_at(slot, tunabi.TUNATTACHFILTER, data)[0]

    @call
    def getfilter(self, slot, where="memory"):
        """TUNGETFILTER: the number of instructions and whose they are."""
        result, data = self.ioctl_at(slot, tunabi.TUNGETFILTER, b"\xa5" * 16, where)
        if result != 0 or data is None:
            return result
        length, address = struct.unpack("<H6xQ", data)
        whose = [name for name in FILTERS if ctypes.addressof(filter_memory(name)[1]) == address]
        return result, length, whose[0] if whose else address

    @call
    def ebpf(self, slot, command, program, where="memory"):
        """TUNSETSTEERINGEBPF, TUNSETFILTEREBPF: a number to return, or "none", "closed", "file", "xdp"."""
        fd = -1
        if program == "closed":
            fd = 1 << 20
        elif program == "file":
            fd = os.open("/dev/null", os.O_RDONLY)
        elif program != "none":
            with self.admin():
                fd = bpf_program("xdp", XDP_PASS) if program == "xdp" else bpf_program("socket", program)
        result = self.ioctl_at(slot, command, struct.pack("<i", fd), where)[0]
        if program not in ("none", "closed"):
            os.close(fd)
        return result

    @call
    def netns_of(self, slot, command):
        """SIOCGSKNS, TUNGETDEVNETNS: which namespace the descriptor they give is of."""
        fd = self.ioctl(slot, command, 0)
        if isinstance(fd, str):
            return fd
        ino = os.fstat(fd).st_ino
        cloexec = fcntl.fcntl(fd, fcntl.F_GETFD)
        os.close(fd)
        return [name for name, space in self.spaces.items() if space.ino == ino] or "one unknown", cloexec

    @call
    def gethwaddr(self, slot, where="memory"):
        """SIOCGIFHWADDR."""
        result, data = self.ioctl_at(slot, tunabi.SIOCGIFHWADDR, tunabi.ifreq(b"whatever", 0xa5a5), where)
        if result != 0 or data is None:
            return result
        return result, data[:16], struct.unpack_from("<H", data, 16)[0], self.address(data[18:32]), data[32:].hex()

    @call
    def sethwaddr(self, slot, family, mac, where="memory"):
        """SIOCSIFHWADDR."""
        self.told.add(mac)
        data = tunabi.ifreq(b"", family, mac + bytes(22 - len(mac)))
        return self.ioctl_at(slot, tunabi.SIOCSIFHWADDR, data, where)[0]

    # --- frames ------------------------------------------------------------

    @contextlib.contextmanager
    def interrupted(self, slot):
        """What would sleep on a blocking descriptor is interrupted."""
        if slot not in self.blocking:
            yield
            return
        signal.setitimer(signal.ITIMER_REAL, 0.03, 0.03)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    @call
    def read(self, slot, sizes, how="read"):
        """
        read(2) into a buffer of sizes[0], or readv(2) into many; how: also "nowait", "at" (pread), "bad" (a bad
        address), "half bad". The bytes that changed.
        """
        total = sum(sizes)
        buffer = ctypes.create_string_buffer(b"\xee" * total, max(1, total))
        base = ctypes.addressof(buffer)
        fd = self.fd(slot)
        vector = b""
        for n in sizes:
            vector += struct.pack("QQ", base, n)
            base += n
        with self.interrupted(slot):
            if how == "bad":
                got = sys(C.read, fd, pointer(NOWHERE), size(total))
            elif how == "half bad":
                got = sys(C.readv, fd, vector + struct.pack("QQ", NOWHERE, 4096), len(sizes) + 1)
            elif how == "nowait":
                got = sys(C.preadv2, fd, vector, len(sizes), ctypes.c_long(-1), RWF_NOWAIT)
            elif how == "at":
                got = sys(C.pread64, fd, buffer, size(total), ctypes.c_long(5))
            elif len(sizes) == 1:
                got = sys(C.read, fd, buffer, size(total))
            else:
                got = sys(C.readv, fd, vector, len(sizes))
        data = buffer.raw[:total]
        if isinstance(got, int):
            data, rest = data[:got], data[got:]
            return got, data, "" if rest == b"\xee" * len(rest) else "and more than it says"
        return got, data.rstrip(b"\xee")

    @call
    def write(self, slot, pieces, how="write"):
        """write(2) of one piece, writev(2) of many; how as for read()."""
        buffers = [ctypes.create_string_buffer(piece, max(1, len(piece))) for piece in pieces]
        vector = b"".join(struct.pack("QQ", ctypes.addressof(b), len(p)) for b, p in zip(buffers, pieces))
        fd, total = self.fd(slot), sum(map(len, pieces))
        with self.interrupted(slot):
            if how == "bad":
                put = sys(C.write, fd, pointer(NOWHERE), size(total))
            elif how == "half bad":
                put = sys(C.writev, fd, vector + struct.pack("QQ", NOWHERE, 64), len(pieces) + 1)
            elif how == "nowait":
                put = sys(C.pwritev2, fd, vector, len(pieces), ctypes.c_long(-1), RWF_NOWAIT)
            elif how == "at":
                put = sys(C.pwrite64, fd, buffers[0], size(len(pieces[0])), ctypes.c_long(5))
            elif len(pieces) == 1:
                put = sys(C.write, fd, buffers[0], size(total))
            else:
                put = sys(C.writev, fd, vector, len(pieces))
        if isinstance(put, int):
            self.expected += 1
        return put

    @call
    def poll(self, slot, events=0x3fff):
        """poll(2), which does not wait."""
        entry = ctypes.create_string_buffer(struct.pack("ihh", self.fd(slot), events, 0), 8)
        result = sys(C.poll, entry, ctypes.c_ulong(1), 0)
        if not isinstance(result, int):
            return result
        revents = struct.unpack_from("h", entry.raw, 6)[0]
        names = {1: "IN", 2: "PRI", 4: "OUT", 8: "ERR", 16: "HUP", 32: "NVAL", 64: "RDNORM", 128: "RDBAND",
                 256: "WRNORM", 512: "WRBAND", 1024: "MSG", 0x2000: "RDHUP"}
        return "|".join(name for bit, name in names.items() if revents & bit) or 0

    @call
    def misc(self, slot, what):
        """What files of this kind refuse: lseek, mmap, fsync, ftruncate, splice to and from a pipe, fionread."""
        fd = self.fd(slot)
        if what == "lseek":
            return sys(C.lseek, fd, ctypes.c_long(0), 1)
        if what == "mmap":
            address = C.mmap(None, size(PAGE), 1, 1, fd, ctypes.c_long(0))
            if address == ctypes.c_void_p(-1).value:
                return named(ctypes.get_errno())
            C.munmap(pointer(address), size(PAGE))
            return "mapped"
        if what in ("fsync", "ftruncate"):
            return sys(C.fsync, fd) if what == "fsync" else sys(C.ftruncate, fd, ctypes.c_long(0))
        if what == "fionread":
            result, data = self.ioctl_at(slot, 0x541b, b"\xa5" * 4)
            return result, data
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        try:
            os.write(writer, b"\xff" * 60)
            if what == "splice in":
                return sys(C.splice, reader, None, fd, None, size(60), 2)
            return sys(C.splice, fd, None, writer, None, size(2000), 2)
        finally:
            os.close(reader)
            os.close(writer)

    @call
    def send(self, name, data, protocol=0, header=None, where="home"):
        """The stack sends a frame out of an interface."""
        space = self.space(where)
        if self.dirty:
            with self.admin():
                space.settle_all()
            self.dirty = False
        with self.admin():
            return space.send(name, data, protocol, header)

    @call
    def hear(self, where="home"):
        """What the stack has received through all interfaces since it was last asked."""
        expected, self.expected = self.expected, 0
        return tuple(self.space(where).hear(expected if self.napi else 0))

    # --- interfaces --------------------------------------------------------

    def change(self, name, where, attrs=(), flags=0, change=0):
        """RTM_NEWLINK."""
        self.dirty = True
        with self.admin():
            return self.space(where).set(name, attrs, flags, change)

    @call
    def up(self, name, where="home"):
        """ip link set up."""
        return self.change(name, where, flags=1, change=1)

    @call
    def down(self, name, where="home"):
        """ip link set down."""
        return self.change(name, where, flags=0, change=1)

    @call
    def flag(self, name, bit, on, where="home"):
        """Another of an interface's flags: promisc, allmulti, arp, dynamic..."""
        return self.change(name, where, flags=bit if on else 0, change=bit)

    @call
    def link(self, name, what, value, where="home"):
        """ip link set mtu, txqlen, carrier, group, alias, address, name."""
        kind, form = {"mtu": (facespace.IFLA_MTU, "I"), "txqlen": (facespace.IFLA_TXQLEN, "I"),
                      "carrier": (facespace.IFLA_CARRIER, "B"), "group": (facespace.IFLA_GROUP, "I"),
                      "address": (facespace.IFLA_ADDRESS, None), "alias": (facespace.IFLA_IFALIAS, None),
                      "name": (facespace.IFLA_IFNAME, None)}[what]
        if what == "address":
            self.told.add(value)
        data = struct.pack(form, value) if form else value if isinstance(value, bytes) else value.encode("latin-1") + b"\0"
        return self.change(name, where, [(kind, data)])

    @call
    def xdp(self, name, action, flags=0, where="home"):
        """ip link set xdp: a program that returns @action, or None."""
        with self.admin():
            fd = -1 if action is None else bpf_program("xdp", action)
        nested = netlink.attribute(1, struct.pack("i", fd)) + netlink.attribute(3, struct.pack("I", flags))
        try:
            return self.change(name, where, [(facespace.IFLA_XDP | 0x8000, nested)])
        finally:
            if fd >= 0:
                os.close(fd)

    @call
    def move(self, name, to, where="home"):
        """ip link set netns."""
        return self.change(name, where, [(facespace.IFLA_NET_NS_FD, struct.pack("i", self.space(to).netns.fd))])

    @call
    def delete(self, name, where="home"):
        """ip link del."""
        self.dirty = True
        with self.admin():
            return self.space(where).delete(name)

    @call
    def add(self, name, kind=None, where="home"):
        """ip link add; the driver's own kind unless one is named."""
        with self.admin():
            return self.space(where).add(name, kind or ("tun" if self.path.endswith("tun") else "if_tap"))

    @call
    def names(self, where="home"):
        """The interfaces there are."""
        return tuple(name for name in sorted(self.space(where).links()) if not name.startswith("mark"))

    @call
    def ethtool(self, name, data, where="home"):
        """SIOCETHTOOL with a structure: 0 or an errno."""
        with self.admin():
            answer = self.space(where).ethtool(name, data)
        return answer if isinstance(answer, str) else 0

    @call
    def state(self):
        """All that can be seen of all interfaces, {interface: {field: value}}."""
        with self.admin():
            return {(where, name): facestate.interface(space, name, index, self.address, where == "home")
                    for where, space in self.spaces.items() for name, index in sorted(space.links().items())
                    if name != "dum0" and not name.startswith("mark")}

    # --- the end of a namespace --------------------------------------------

    @call
    def end_netns(self):
        """Nothing but descriptors that were opened in it keeps the other namespace; wait for its end if none is left."""
        if "other" not in self.spaces:
            return "there is none"
        space = self.spaces.pop("other")
        with self.admin():
            peer = netlink.attribute(1, struct.pack("BxHiII", 0, 0, 0, 0, 0) +
                                     netlink.attribute(facespace.IFLA_IFNAME, b"mark\0") +
                                     netlink.attribute(facespace.IFLA_NET_NS_FD, struct.pack("i", space.netns.fd)))
            mark = f"mark{len(self.dying)}"
            answer = self.ground.home.add(mark, "veth", peer)
            if answer:
                raise Failure(f"the interface that marks the end of a namespace cannot be made: {answer}")
            self.dying.append((mark, space))
            space.close()
            return self.await_the_dying()

    def await_the_dying(self):
        """Wait for the end of namespaces that nothing keeps any more."""
        held = False
        for mark, space in list(self.dying):
            if any(file.space is space for file in self.files.values()):
                held = True
                continue
            self.dying.remove((mark, space))
            end = time.monotonic() + 20
            while mark in self.ground.home.links():
                if time.monotonic() > end:
                    raise Failure("a namespace has not ended after 20 s")
                select.select([], [], [], 0.002)
            self.dirty = True
        return "held" if held else 0


def shown(value, room=300):
    """A value for a message."""
    if isinstance(value, bytes):
        text = value.hex()
        return f"<{len(value)} bytes {text if len(text) <= 2 * room // 3 else text[:room // 3] + '...' + text[-16:]}>"
    if isinstance(value, (tuple, list)):
        inner = ", ".join(shown(v, room) for v in value)
        return f"({inner})" if isinstance(value, tuple) else f"[{inner}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{shown(k)}: {shown(v)}" for k, v in value.items()) + "}"
    return repr(value)


def operation_shown(operation):
    """A call for a message."""
    name, *args = operation
    words = []
    for n, arg in enumerate(args):
        if n == 1 and name in ("value", "integer", "memory", "netns_of", "ebpf") and arg in tunabi.COMMANDS:
            words.append(tunabi.COMMANDS[arg])
        elif (name, n) in (("setiff", 2), ("setqueue", 1)):
            words.append(tunabi.flags_named(arg))
        elif isinstance(arg, int) and not isinstance(arg, bool) and abs(arg) > 9:
            words.append(hex(arg))
        else:
            words.append(shown(arg, 60))
    return f"{name}({', '.join(words)})"
