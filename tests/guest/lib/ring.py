# SPDX-License-Identifier: BSD-2-Clause
"""
The ring as a program sees it: four mappings of a descriptor, positions and records. Everything can be written
wrongly too: that is what most tests here are about.
"""
import ctypes
import mmap
import os
import struct

import abi
import proc
from check import equal, wait_for

PAGE = mmap.PAGESIZE
RECORD = struct.Struct("<IHHQ12sI")     # len, flags, reserved, time, offload header, reserved2
OFFLOAD = struct.Struct("<BBHHHHH")     # flags, gso_type, hdr_len, gso_size, csum_start, csum_offset, buffers
SIZE = 64 << 10
ALIGN = 16

# Positions of what is in the two control pages.
OUT_PRODUCER, OUT_NEED_WAKEUP, STATE, IN_CONSUMER, IN_NEED_WAKEUP = 0, 8, 12, 64, 72
OUT_CONSUMER, OUT_WAKE, IN_PRODUCER = 0, 8, 64
OFF_KERNEL, OFF_USER, OFF_OUT, OFF_IN = 0, 0x10000, 0x10000000, 0x20000000
BACKPRESSURE, POLL, TIMESTAMP = 1, 2, 4
BROKEN, GONE = 1, 2
READ, WRITE = mmap.PROT_READ, mmap.PROT_WRITE


def setup(unit, out_size=SIZE, in_size=SIZE, flags=0, eventfd=-1, spin=0, reserved=(0, 0, 0)):
    """TAPSRING."""
    unit.set(abi.TAPSRING, flags, out_size, in_size, eventfd, spin, *reserved, form="IIIiI3I")


def size_of(length):
    """The bytes a record with a frame of @length takes."""
    return (RECORD.size + length + ALIGN - 1) & -ALIGN


class Ring:
    """A descriptor's ring, made and mapped."""

    def __init__(self, unit, out_size=SIZE, in_size=SIZE, make=True, **options):
        self.unit, self.out_size, self.in_size = unit, out_size, in_size
        if make:
            setup(unit, out_size, in_size, **options)
        self.kernel = self.map(PAGE, READ, OFF_KERNEL)
        self.user = self.map(PAGE, READ | WRITE, OFF_USER)
        self.out = self.map(2 * out_size, READ, OFF_OUT)
        self.data = self.map(2 * in_size, READ | WRITE, OFF_IN)
        self.produced = self.get(self.user, IN_PRODUCER)

    def map(self, length, protection, offset):
        """mmap(2), shared."""
        return mmap.mmap(self.unit.fd, length, mmap.MAP_SHARED, protection, offset=offset)

    def unmap(self):
        """munmap(2) all of it."""
        for area in (self.kernel, self.user, self.out, self.data):
            area.close()

    @staticmethod
    def get(page, at, form="Q"):
        """A field of a control page. Native formats are read and written in one go, "<Q" byte by byte."""
        return struct.unpack_from(form, page, at)[0]

    def set(self, at, value):
        """Set a 64-bit field of the user's page."""
        struct.pack_into("Q", self.user, at, value & (1 << 64) - 1)

    def state(self):
        """BROKEN, GONE."""
        return self.get(self.kernel, STATE, "I")

    def produced_by_kernel(self):
        """The outbound producer."""
        return self.get(self.kernel, OUT_PRODUCER)

    def consumed_by_kernel(self):
        """The inbound consumer."""
        return self.get(self.kernel, IN_CONSUMER)

    def peek(self):
        """The outbound records that wait, as (position after it, header fields, frame)."""
        position, end = self.get(self.user, OUT_CONSUMER), self.produced_by_kernel()
        records = []
        while position < end:
            at = position % self.out_size
            header = RECORD.unpack_from(self.out, at)
            frame = self.out[at + RECORD.size:at + RECORD.size + header[0]]
            position += size_of(header[0])
            records.append((position, header, frame))
        equal(position, end, "the end of the last record")
        return records

    def take(self):
        """The outbound frames that wait; they are released."""
        records = self.peek()
        if records:
            self.set(OUT_CONSUMER, records[-1][0])
        return [frame for _, _, frame in records]

    def put(self, frame, header=None, publish=True):
        """Write an inbound record; @header replaces what belongs before @frame."""
        at = self.produced % self.in_size
        RECORD.pack_into(self.data, at, *(header or (len(frame), 0, 0, 0, bytes(12), 0)))
        self.data[at + RECORD.size:at + RECORD.size + len(frame)] = frame
        self.produced += size_of(len(frame))
        if publish:
            self.set(IN_PRODUCER, self.produced)

    def doorbell(self):
        """TAPDOORBELL."""
        self.unit.ioctl(abi.TAPDOORBELL)

    def send(self, *frames):
        """Inbound frames, published together, with one doorbell; wait until they are taken."""
        for frame in frames:
            self.put(frame, publish=False)
        self.set(IN_PRODUCER, self.produced)
        self.doorbell()
        # At once as a rule; by ksoftirqd when the CPU has much to do.
        wait_for(lambda: self.consumed_by_kernel() == self.produced, "the kernel takes what was sent")


def mprotect(offset, protection):
    """mprotect(2) on the first page of the mapping at a file offset."""
    proc.call(proc.libc.mprotect, ctypes.c_void_p(address(offset)), PAGE, protection)


def address(offset):
    """Where the mapping of a unit at file offset @offset is in this process."""
    with open("/proc/self/maps", encoding="ascii") as f:
        for line in f:
            fields = line.split()
            if int(fields[2], 16) == offset and ("tap" in fields[-1] or "vmnet" in fields[-1]):
                return int(fields[0].split("-")[0], 16)
    raise AssertionError(f"no mapping at offset {offset:#x}")


def eventfd():
    """A new eventfd, non-blocking."""
    return os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
