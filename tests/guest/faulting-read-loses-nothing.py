# SPDX-License-Identifier: BSD-2-Clause
"""
A read into memory that is not there, wholly or from some byte on, gives EFAULT; the frame stays the first and
the next read has all of it. Nothing is counted as delivered until it is.
"""
import ctypes
import errno
import mmap

import frame
import link
import packet
import proc
import tap
from check import equal, raises

PAGE = mmap.PAGESIZE
memory = mmap.mmap(-1, 2 * PAGE)
address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
proc.call(proc.libc.mprotect, ctypes.c_void_p(address + PAGE), ctypes.c_size_t(PAGE), 0)

link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    before = link.counters("tap0")
    packet.send("tap0", frame.numbered(1, 1000), frame.numbered(2, 1000))
    for _ in range(3):
        raises(errno.EFAULT, proc.raw_read, unit.fd, proc.bad_address(), 2000)
    for room in (1, 14, 500, 999):
        raises(errno.EFAULT, proc.raw_read, unit.fd, address + PAGE - room, 2000)
    equal(unit.waiting(), 1000, "the length of the first frame")
    equal(link.counted("tap0", before), {}, "what was counted")
    equal(proc.raw_read(unit.fd, address + PAGE - 1000, 1000), 1000, "a read up to the end of the page")
    equal(memory[PAGE - 1000:PAGE], frame.numbered(1, 1000), "the first frame")
    equal(unit.receive(), frame.numbered(2, 1000), "the second frame")
    equal(link.counted("tap0", before), {"tx_packets": 2, "tx_bytes": 2000}, "what was counted")
