# SPDX-License-Identifier: BSD-2-Clause
"""Other processes and threads, other users, and other namespaces."""
import ctypes
import os
import pathlib
import pickle
import select
import signal
import threading
import time
import traceback

from check import Failure

CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000
CAP_NET_ADMIN = 12
USER = 1000

libc = ctypes.CDLL(None, use_errno=True)


def call(function, *args):
    """A C function that gives -1 and errno when it fails."""
    result = function(*args)
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def unshare(flags):
    """unshare(2)."""
    call(libc.unshare, flags)


def setns(fd, kind=0):
    """setns(2), of the calling thread."""
    call(libc.setns, fd, kind)


class Netns:
    """A new network namespace; `with` it, the calling thread is in it."""

    def __init__(self, adopt=None):
        """@adopt: a descriptor of one that is there."""
        self.outside = []
        if adopt is not None:
            self.fd = adopt
            return
        here = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        unshare(CLONE_NEWNET)
        self.fd = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        setns(here)
        os.close(here)

    def path(self):
        """What ip(8) takes for `netns`."""
        return f"/proc/{os.getpid()}/fd/{self.fd}"

    def __enter__(self):
        self.outside.append(os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC))
        setns(self.fd)
        return self

    def __exit__(self, *_):
        here = self.outside.pop()
        setns(here)
        os.close(here)

    def close(self):
        """Let go of it; without a process, socket or descriptor in it, it ends."""
        os.close(self.fd)


def become(uid):
    """Be an ordinary user, without any capability."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    call(libc.prctl, 4, 1, 0, 0, 0)     # PR_SET_DUMPABLE: /proc/self is ours


def drop_capability(number):
    """Give up one capability for good, also for programs this one starts."""
    call(libc.prctl, 24, number, 0, 0, 0)   # PR_CAPBSET_DROP
    class Header(ctypes.Structure):
        _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]

    header = Header(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    call(libc.capget, ctypes.byref(header), data)
    for i in range(3):
        data[3 * (number // 32) + i] &= ~(1 << number % 32)
    call(libc.capset, ctypes.byref(header), data)


def become_container_root():
    """Be root of a new user namespace with its own network namespace, and nobody else outside."""
    uid, gid = os.getuid(), os.getgid()
    unshare(CLONE_NEWUSER | CLONE_NEWNET)
    for path, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
        with open("/proc/self/" + path, "w", encoding="ascii") as f:
            f.write(text)


class Child:
    """
    A process that runs a function. What it returns or raises is had by result(); `with` it, it is killed
    at the end at the latest.
    """

    def __init__(self, function, *args, uid=None):
        self.status = None
        self.pipe, ours = os.pipe2(os.O_CLOEXEC)
        self.pid = os.fork()
        if self.pid:
            os.close(ours)
            return
        try:
            if uid is not None:
                become(uid)
            answer = (True, function(*args))
        except BaseException as e:      # also SystemExit: it must not get out of here
            traceback.print_exc()
            answer = (False, e)
        try:
            with os.fdopen(ours, "wb") as f:
                f.write(pickle.dumps(answer))
        finally:
            os._exit(0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.status is None:
            self.kill()
        os.close(self.pipe)

    def kill(self, number=signal.SIGKILL):
        """Send it a signal and wait for its end."""
        os.kill(self.pid, number)
        self.wait()

    def wait(self):
        """Wait for its end."""
        _, self.status = os.waitpid(self.pid, 0)

    def result(self, seconds=60):
        """What the function returned; raises what it raised."""
        data = b""
        end = time.monotonic() + seconds
        while True:
            if not select.select([self.pipe], [], [], max(0, end - time.monotonic()))[0]:
                raise Failure(f"a child has not ended after {seconds} s")
            part = os.read(self.pipe, 65536)
            if not part:
                break
            data += part
        self.wait()
        if not data:
            raise Failure(f"a child ended with status {self.status:#x} and no answer")
        good, value = pickle.loads(data)
        if not good:
            raise value
        return value


def in_child(function, *args, uid=None):
    """Run a function in a process of its own; returns or raises what it does."""
    with Child(function, *args, uid=uid) as child:
        return child.result()


class Gate:
    """Something that opens once and that processes and threads wait for."""

    def __init__(self):
        self.reader, self.writer = os.pipe2(os.O_CLOEXEC)

    def open(self):
        """Let everybody pass, for good."""
        os.write(self.writer, b"x")

    def wait(self, seconds=60):
        """Wait until it opens."""
        if not select.select([self.reader], [], [], seconds)[0]:
            raise Failure(f"a gate is still closed after {seconds} s")

    def close(self):
        """Free it."""
        os.close(self.reader)
        os.close(self.writer)


class Thread(threading.Thread):
    """A thread that runs a function; result() returns or raises what that does."""

    def __init__(self, function, *args):
        super().__init__(daemon=True)
        self.function, self.args = function, args
        self.value = self.error = self.tid = None
        self.start()

    def run(self):
        self.tid = threading.get_native_id()
        try:
            self.value = self.function(*self.args)
        except BaseException as e:
            self.error = e

    def result(self, seconds=60):
        """Wait for its end."""
        self.join(seconds)
        if self.is_alive():
            raise Failure(f"a thread has not ended after {seconds} s")
        if self.error:
            raise self.error
        return self.value


def sleeps_in(tid, name, pid="self"):
    """
    Does a thread sleep in the system call @name? That it sleeps somewhere would not do: it may wait for Python's
    lock, before the call. Needs root.
    """
    numbers = {"read": 0, "write": 1, "poll": 7, "ioctl": 16, "select": 23, "rt_sigtimedwait": 128,
               "epoll_wait": 232, "pselect6": 270, "ppoll": 271}
    try:
        with open(f"/proc/{pid}/task/{tid}/syscall", encoding="ascii") as f:
            return f.read().split()[0] == str(numbers[name])
    except FileNotFoundError:
        return False


def bad_address():
    """An address nobody may read or write."""
    return 1


def raw_ioctl(fd, command, argument):
    """ioctl(2) with the argument as a bare number, which may be a bad address."""
    libc.ioctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_ulong]
    return call(libc.ioctl, fd, command, argument)


def raw_read(fd, address, size):
    """read(2) to a bare address."""
    libc.read.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
    libc.read.restype = ctypes.c_ssize_t
    return call(libc.read, fd, address, size)


def raw_write(fd, address, size):
    """write(2) from a bare address."""
    libc.write.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
    libc.write.restype = ctypes.c_ssize_t
    return call(libc.write, fd, address, size)


def free_memory():
    """Bytes of memory that nobody uses, the caches counted as used. Of frames, none are held back, as KASAN does."""
    for cache in ("skbuff_*", "kmalloc-*"):
        for shrink in pathlib.Path("/sys/kernel/slab").glob(f"{cache}/shrink"):
            shrink.write_text("1", encoding="ascii")
    with open("/proc/meminfo", encoding="ascii") as f:
        values = dict(line.split(":") for line in f)
    return int(values["MemFree"].split()[0]) * 1024
