# SPDX-License-Identifier: BSD-2-Clause
"""
The ring's memory is mapped whole, shared, and read-only where only the kernel writes: other sizes and offsets
and private mappings are EINVAL, PROT_WRITE there is EPERM, mprotect(2) cannot add it (EACCES). Mapping twice
shows the same bytes; a child has no mapping of its parent's; mremap(2) cannot grow one; without a ring there
is nothing to map.
"""
import ctypes
import errno
import mmap
import os
import signal

import frame
import link
import packet
import proc
import ring
import tap
from check import equal, raises, true

READ_WRITE = ring.READ | ring.WRITE


def try_map(length, offset, protection=ring.READ, flags=mmap.MAP_SHARED):
    """mmap(2) and nothing else."""
    raises(errno.EINVAL, mmap.mmap, unit.fd, length, flags, protection, offset=offset)


link.quiet()
with tap.Tap() as unit:
    try_map(ring.PAGE, ring.OFF_KERNEL)
    ring.setup(unit)
    for length in (2 * ring.PAGE, ring.SIZE):
        try_map(length, ring.OFF_KERNEL)
        try_map(length, ring.OFF_USER)
    for length in (ring.PAGE, ring.SIZE, 2 * ring.SIZE - ring.PAGE, 2 * ring.SIZE + ring.PAGE, 4 * ring.SIZE):
        try_map(length, ring.OFF_OUT)
        try_map(length, ring.OFF_IN)
    for offset in (ring.PAGE, ring.OFF_USER + ring.PAGE, ring.OFF_OUT + ring.PAGE, 0x30000000, 1 << 40):
        try_map(ring.PAGE, offset)
    try_map(ring.PAGE, ring.OFF_USER, ring.READ, mmap.MAP_PRIVATE)
    try_map(2 * ring.SIZE, ring.OFF_IN, READ_WRITE, mmap.MAP_PRIVATE)
    for length, offset in ((ring.PAGE, ring.OFF_KERNEL), (2 * ring.SIZE, ring.OFF_OUT)):
        raises(errno.EPERM, mmap.mmap, unit.fd, length, mmap.MAP_SHARED, READ_WRITE, offset=offset)
        raises(errno.EPERM, mmap.mmap, unit.fd, length, mmap.MAP_SHARED, ring.WRITE, offset=offset)

    first = ring.Ring(unit, make=False)
    for offset in (ring.OFF_KERNEL, ring.OFF_OUT):
        raises(errno.EACCES, ring.mprotect, offset, READ_WRITE)
        ring.mprotect(offset, 0)
        ring.mprotect(offset, ring.READ)
    proc.libc.mremap.restype = ctypes.c_void_p
    grown = proc.libc.mremap(ctypes.c_void_p(ring.address(ring.OFF_USER)), ring.PAGE, 2 * ring.PAGE, 1)
    true(grown == ctypes.c_void_p(-1).value, "mremap(2) refuses to grow a mapping")

    second = ring.Ring(unit, make=False)
    link.up("tap0")
    packet.send("tap0", frame.numbered(1))
    equal(first.peek(), second.peek(), "what two mappings show")
    equal(second.take(), [frame.numbered(1)], "the frame in the second mapping")
    equal(first.take(), [], "what is left in the first")

    where = ring.address(ring.OFF_KERNEL)
    child = os.fork()
    if not child:
        ctypes.string_at(where, 1)
        os._exit(0)
    equal(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), -signal.SIGSEGV, "how a child's look at it ends")
