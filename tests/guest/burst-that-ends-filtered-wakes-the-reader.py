# SPDX-License-Identifier: BSD-2-Clause
"""
A datagram that the stack cuts up goes to the interface as one burst, whose last frame is the shortest. When a filter
of the Linux face keeps that one back, who sleeps in poll() on the frames before it wakes all the same, and a program
with a ring sees them.
"""
import ctypes
import select
import socket
import struct

import link
import proc
import ring
import tun
import tunabi
from check import equal, wait_for

TUN_F_CSUM, UDP_SEGMENT = 1, 103
SEGMENT, SEGMENTS = 1000, 3
link.quiet()


def send(sender):
    """SEGMENTS full datagrams and a short one, given to the stack as one."""
    sender.sendto(bytes(SEGMENT * SEGMENTS + 10), ("10.0.0.2", 9))


with tun.Tun("tap0") as unit, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
    # 6.1 cuts up no UDP for an interface that wants its checksums finished.
    unit.ioctl(tunabi.TUNSETOFFLOAD, TUN_F_CSUM)
    # ld len; jge 500: all of it, else nothing.
    code = ctypes.create_string_buffer(struct.pack("<HBBI", 0x80, 0, 0, 0) + struct.pack("<HBBI", 0x35, 0, 1, 500) +
                                       struct.pack("<HBBI", 0x06, 0, 0, 0xffffffff) +
                                       struct.pack("<HBBI", 0x06, 0, 0, 0))
    unit.ioctl(tunabi.TUNATTACHFILTER, struct.pack("HxxxxxxQ", 4, ctypes.addressof(code)))
    link.up("tap0", "10.0.0.1/24")
    link.ip("neighbour", "add", "10.0.0.2", "lladdr", "02:00:00:00:00:14", "dev", "tap0")
    sender.setsockopt(socket.SOL_UDP, UDP_SEGMENT, SEGMENT)

    before = link.counters("tap0")
    reader = proc.Thread(unit.poll, 10)
    wait_for(lambda: reader.tid and proc.sleeps_in(reader.tid, "poll"), "the reader sleeps")
    send(sender)
    equal(reader.result(), select.POLLIN, "what poll() says after the burst")
    equal([len(one) for one in unit.drain()], [14 + 28 + SEGMENT] * SEGMENTS, "lengths of the frames read")
    equal(link.counted("tap0", before).get("tx_filtered"), 1, "frames the filter kept back")

    mapped = ring.Ring(unit)
    reader = proc.Thread(unit.poll, 10)
    wait_for(lambda: reader.tid and proc.sleeps_in(reader.tid, "poll"), "the program sleeps")
    send(sender)
    equal(reader.result(), select.POLLIN, "what poll() says of the ring")
    equal([len(one) for one in mapped.take()], [14 + 28 + SEGMENT] * SEGMENTS, "lengths of the frames in the ring")
    mapped.unmap()
