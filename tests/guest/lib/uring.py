# SPDX-License-Identifier: BSD-2-Clause
"""io_uring, as little of it as reads and writes need, by bare system calls."""
import ctypes
import mmap
import os
import struct
import time

import proc
from check import Failure

SETUP, ENTER = 425, 426
OP_READ, OP_WRITE = 22, 23
ENTER_GETEVENTS = 1
OFFSET_SQES = 0x10000000


class Ring:
    """A submission and a completion queue. Buffers must live as long as what uses them."""

    def __init__(self, entries=16):
        params = bytearray(120)
        raw = (ctypes.c_char * 120).from_buffer(params)
        self.fd = proc.call(proc.libc.syscall, SETUP, entries, ctypes.byref(raw))
        sq_entries, cq_entries = struct.unpack_from("II", params)
        self.sq = dict(zip(("head", "tail", "mask", "entries", "flags", "dropped", "array"),
                           struct.unpack_from("7I", params, 40)))
        self.cq = dict(zip(("head", "tail", "mask", "entries", "overflow", "cqes"),
                           struct.unpack_from("6I", params, 80)))
        size = max(self.sq["array"] + 4 * sq_entries, self.cq["cqes"] + 16 * cq_entries)
        self.ring = mmap.mmap(self.fd, size, mmap.MAP_SHARED)
        self.sqes = mmap.mmap(self.fd, 64 * sq_entries, mmap.MAP_SHARED, offset=OFFSET_SQES)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ring.close()
        self.sqes.close()
        os.close(self.fd)

    def _get(self, at):
        return struct.unpack_from("I", self.ring, at)[0]

    def submit(self, operation, fd, buffer, tag):
        """Queue one read or write of a whole buffer and submit it."""
        tail = self._get(self.sq["tail"])
        slot = tail & self._get(self.sq["mask"])
        address = ctypes.addressof((ctypes.c_char * len(buffer)).from_buffer(buffer))
        struct.pack_into("BBHiQQIIQQQQ", self.sqes, 64 * slot, operation, 0, 0, fd, 2**64 - 1, address,
                         len(buffer), 0, tag, 0, 0, 0)
        struct.pack_into("I", self.ring, self.sq["array"] + 4 * slot, slot)
        struct.pack_into("I", self.ring, self.sq["tail"], tail + 1)
        if proc.call(proc.libc.syscall, ENTER, self.fd, 1, 0, 0, None, 0) != 1:
            raise Failure("io_uring takes no submission")

    def completed(self):
        """What is complete: {tag: result}."""
        done = {}
        head, tail = self._get(self.cq["head"]), self._get(self.cq["tail"])
        while head != tail:
            at = self.cq["cqes"] + 16 * (head & self._get(self.cq["mask"]))
            tag, result = struct.unpack_from("Qi", self.ring, at)
            done[tag] = result
            head += 1
        struct.pack_into("I", self.ring, self.cq["head"], head)
        return done

    def wait(self, number, seconds=20):
        """Wait until @number operations are complete: {tag: result}."""
        done = self.completed()
        end = time.monotonic() + seconds
        while len(done) < number:
            if time.monotonic() > end:
                raise Failure(f"{len(done)} of {number} operations complete after {seconds} s: {done}")
            # Completions are posted by this very thread, on its way out of any system call.
            time.sleep(0.001)
            done.update(self.completed())
        return done


def workers():
    """Threads of this process in which io_uring blocks for it."""
    found = []
    for tid in os.listdir("/proc/self/task"):
        with open(f"/proc/self/task/{tid}/comm", encoding="ascii") as f:
            comm = f.read().strip()
        if comm.startswith("iou-wrk"):
            found.append(comm)
    return found
