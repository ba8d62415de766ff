# SPDX-License-Identifier: BSD-2-Clause
"""
A write from memory that is not there, wholly or from some byte on, gives EFAULT, reaches nobody and is counted
as rx_fault; ten thousand of them leave no memory behind.
"""
import ctypes
import errno
import mmap

import frame
import link
import packet
import proc
import tap
from check import equal, raises, true

PAGE, LENGTH, ROUNDS = mmap.PAGESIZE, 8000, 10000
memory = mmap.mmap(-1, 2 * PAGE)
address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
memory[:PAGE] = frame.random(PAGE)
proc.call(proc.libc.mprotect, ctypes.c_void_p(address + PAGE), ctypes.c_size_t(PAGE), 0)

link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    before = link.counters("tap0")
    with packet.Capture("tap0") as capture:
        raises(errno.EFAULT, proc.raw_write, unit.fd, proc.bad_address(), 64)
        for there in (1, 13, 14, 100, 1000):
            raises(errno.EFAULT, proc.raw_write, unit.fd, address + PAGE - there, 1514)
        free = proc.free_memory()
        for _ in range(ROUNDS):
            raises(errno.EFAULT, proc.raw_write, unit.fd, address, LENGTH)
        lost = free - proc.free_memory()
        true(lost < ROUNDS * LENGTH / 4, f"{ROUNDS} faults of {LENGTH} bytes leave memory free, {lost} bytes less")
        equal(unit.write(frame.numbered(1)), 64, "a write afterwards")
        equal(capture.receive(), frame.numbered(1), "the frame written afterwards")
        equal(capture.drain(), [], "more frames")
    counted = {"rx_fault": ROUNDS + 6, "rx_packets": 1, "rx_bytes": 64}
    equal(link.counted("tap0", before), counted, "what was counted")
