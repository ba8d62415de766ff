# SPDX-License-Identifier: BSD-2-Clause
"""Offload headers, frames by the batch, and a cable that carries both between two units."""
import ctypes
import select
import struct
import threading

import abi
import link
import proc
import tap

CSUM, TSO4, TSO6, TSO_ECN, UFO, USO4, USO6 = 1, 2, 4, 8, 0x10, 0x20, 0x40
ALL = CSUM | TSO4 | TSO6 | USO4 | USO6
NEEDS_CSUM, DATA_VALID = 1, 2
GSO_NONE, GSO_TCPV4, GSO_TCPV6, GSO_UDP_L4 = 0, 1, 4, 5
HEADER = struct.Struct("<BBHHHHH")  # flags, gso_type, hdr_len, gso_size, csum_start, csum_offset, buffers
TRUNCATED, DONTWAIT = 1, 1


class Frame(ctypes.Structure):
    """struct tapframe."""
    _fields_ = [("base", ctypes.c_uint64), ("size", ctypes.c_uint32), ("len", ctypes.c_uint32),
                ("hdr", ctypes.c_uint8 * 12), ("flags", ctypes.c_uint32)]


class Batch:
    """Frames of a batch with memory of their own."""

    def __init__(self, frames=(), count=0, room=2048):
        self.buffers = [ctypes.create_string_buffer(bytes(f), len(f)) for f in frames]
        self.buffers += [ctypes.create_string_buffer(room) for _ in range(count)]
        self.table = (Frame * len(self.buffers))()
        for entry, buffer in zip(self.table, self.buffers):
            entry.base, entry.size = ctypes.addressof(buffer), len(buffer)

    def call(self, unit, command, flags=0, count=None):
        """TAPSENDBATCH or TAPRECVBATCH: what it returns."""
        count = len(self.table) if count is None else count
        request = struct.pack("QII", ctypes.addressof(self.table), count, flags)
        buffer = ctypes.create_string_buffer(request, len(request))
        return proc.raw_ioctl(unit.fd, command, ctypes.addressof(buffer))

    def send(self, unit, flags=0):
        """Send them all."""
        return self.call(unit, abi.TAPSENDBATCH, flags)

    def receive(self, unit, flags=0, count=None):
        """The frames that were received, as bytes."""
        n = self.call(unit, abi.TAPRECVBATCH, flags, count)
        return [self.buffers[i].raw[:min(self.table[i].len, self.table[i].size)] for i in range(n)]


class Cable(threading.Thread):
    """Carries frames with their offload headers between two units, and remembers what headers it saw."""

    def __init__(self, one, other):
        super().__init__(daemon=True)
        self.units, self.seen, self.stop, self.error = (one, other), [], False, None
        self.start()

    def run(self):
        try:
            while not self.stop:
                for fd in select.select([u.fd for u in self.units], [], [], 0.1)[0]:
                    source, target = self.units if fd == self.units[0].fd else self.units[::-1]
                    data = source.read(70000)
                    header = HEADER.unpack(data[:12])
                    self.seen.append((header[1], len(data) - 12, header))
                    target.write(data)
        except OSError as e:
            self.error = e

    def end(self):
        """No more."""
        self.stop = True
        self.join(20)
        if self.error:
            raise self.error

    def large(self, gso_type):
        """How many frames of a kind, larger than any MTU, it carried."""
        return sum(1 for kind, length, _ in self.seen if kind == gso_type and length > 1514)


class Pair:
    """Two namespaces with a unit each, 10.9.0.1 and .2, fd09::1 and ::2, joined by a cable."""

    def __init__(self, offloads):
        self.spaces, self.units = [proc.Netns(), proc.Netns()], []
        for n, space in enumerate(self.spaces, 1):
            with space:
                unit = tap.Tap()
                unit.set(abi.TAPSVNETHDR, 12)
                unit.set(abi.TAPSOFFLOAD, offloads, form="I")
                link.up("tap0", f"10.9.0.{n}/24", f"fd09::{n}/64")
                self.units.append(unit)
        self.cable = Cable(*self.units)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.cable.end()
        finally:
            for unit in self.units:
                unit.close()
            for space in self.spaces:
                space.close()
