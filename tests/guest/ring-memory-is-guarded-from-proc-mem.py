# SPDX-License-Identifier: BSD-2-Clause
"""
What of a ring's memory the kernel alone writes cannot be written by the ways that debuggers have, /proc/PID/mem and
process_vm_writev(2), either, not even by root; what the program writes can. Both can be read so.
"""
import ctypes
import errno
import os

import proc
import ring
import tap
from check import equal, raises


class Vector(ctypes.Structure):
    """struct iovec."""
    _fields_ = [("base", ctypes.c_void_p), ("len", ctypes.c_size_t)]


def vm_writev(address, data):
    """process_vm_writev(2) to ourselves."""
    local = Vector(ctypes.cast(ctypes.create_string_buffer(data, len(data)), ctypes.c_void_p), len(data))
    remote = Vector(address, len(data))
    proc.libc.process_vm_writev.restype = ctypes.c_ssize_t
    return proc.call(proc.libc.process_vm_writev, os.getpid(), ctypes.byref(local), ctypes.c_ulong(1),
                     ctypes.byref(remote), ctypes.c_ulong(1), ctypes.c_ulong(0))


memory = os.open("/proc/self/mem", os.O_RDWR)
with tap.Tap() as unit:
    mapped = ring.Ring(unit)
    for offset in (ring.OFF_KERNEL, ring.OFF_OUT):
        where = ring.address(offset)
        before = os.pread(memory, ring.PAGE, where)
        raises(errno.EIO, os.pwrite, memory, b"\xff" * 8, where)
        raises(errno.EFAULT, vm_writev, where, b"\xff" * 8)
        equal(os.pread(memory, ring.PAGE, where), before, f"what is at {offset:#x}")
    equal(mapped.produced_by_kernel(), 0, "the kernel's position")
    for offset in (ring.OFF_USER, ring.OFF_IN):
        where = ring.address(offset) + ring.PAGE - 8
        equal(os.pwrite(memory, b"12345678", where), 8, f"bytes written at {offset:#x}")
        equal(vm_writev(where, b"abcdefgh"), 8, f"bytes written at {offset:#x} the other way")
        equal(os.pread(memory, 8, where), b"abcdefgh", f"what is at {offset:#x}")
    mapped.unmap()
