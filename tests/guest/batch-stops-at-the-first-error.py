# SPDX-License-Identifier: BSD-2-Clause
"""
A batch stops at the first frame that fails and says how many went before; only if that is none, its error:
short EINVAL, long EIO, unreadable EFAULT, bad offload header or reserved fields EINVAL. A frame that cannot be
given to the program is not lost. Counts of 0 and above 1,024 and unknown flags are EINVAL, a bad pointer EFAULT.
"""
import errno
import struct

import abi
import frame
import link
import packet
import proc
import tap
from check import equal, raises
from offload import Batch

GOOD = [frame.numbered(i) for i in range(40)]


def spoil(what, batch, at):
    """Make frame @at of a batch a bad one."""
    entry = batch.table[at]
    if what == "short":
        entry.size = 13
    elif what == "long":
        entry.size = abi.FRAME_MAX + 1
    elif what == "unreadable":
        entry.base = proc.bad_address()
    elif what == "reserved len":
        entry.len = 1
    elif what == "reserved flags":
        entry.flags = 1
    else:
        entry.hdr[1] = 0x7f


link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    for what, number, counter in (("short", errno.EINVAL, "rx_short"), ("long", errno.EIO, "rx_long"),
                                  ("unreadable", errno.EFAULT, "rx_fault"),
                                  ("reserved len", errno.EINVAL, "rx_bad_header"),
                                  ("reserved flags", errno.EINVAL, "rx_bad_header"),
                                  ("offload header", errno.EINVAL, "rx_bad_header")):
        for at in (0, 1, 15, 16, 17, 39):
            batch = Batch(GOOD)
            spoil(what, batch, at)
            before = link.counters("tap0")
            if at:
                equal(batch.send(unit), at, f"frames before one that is bad ({what})")
            else:
                raises(number, batch.send, unit)
            counted = link.counted("tap0", before)
            equal((counted.get("rx_packets", 0), counted[counter]), (at, 1), f"what is counted ({what})")

    packet.send("tap0", *GOOD)
    for at in (0, 3, 16):
        batch = Batch(count=20)
        batch.table[at].base = proc.bad_address()
        if at:
            equal(batch.receive(unit), GOOD[:at], "frames before one that has no place")
            del GOOD[:at]
        else:
            raises(errno.EFAULT, batch.receive, unit)
    equal(Batch(count=100).receive(unit), GOOD, "the rest, in order, none lost")

    for command in (abi.TAPSENDBATCH, abi.TAPRECVBATCH):
        for count, flags in ((0, 0), (1025, 0), (0xffffffff, 0), (1, 2), (1, 1 << 31)):
            raises(errno.EINVAL, Batch(GOOD[:1]).call, unit, command, flags, count)
        raises(errno.EFAULT, proc.raw_ioctl, unit.fd, command, 8)
        request = bytearray(struct.pack("QII", proc.bad_address(), 4, 1))
        packet.send("tap0", GOOD[0])
        raises(errno.EFAULT, unit.ioctl, command, request)
    equal(len(unit.drain()), 2, "frames still there")
