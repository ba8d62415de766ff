# SPDX-License-Identifier: BSD-2-Clause
"""
TUNSETTXFILTER, TUNATTACHFILTER and TUNSETFILTEREBPF keep frames from the program, or shorten them; what they keep is
counted as tx_filtered. A program loaded into the kernel is freed with the unit. They are nothing to the BSD face.
"""
import ctypes
import errno
import os
import socket
import struct

import bpf
import frame
import link
import packet
import tap
import tun
import tunabi
from check import equal, raises

ALLMULTI = 1
TUN_F_CSUM = 1
ADDRESSES = [bytes([2, 0, 0, 0, 0, n]) for n in range(8)]
MULTICAST = bytes.fromhex("01005e000001")
link.quiet()
unit = tun.Tun("tap0", flags=os.O_NONBLOCK)
unit.ioctl(tunabi.TUNSETPERSIST, 1)
link.up("tap0")


def passes(*to):
    """Which of these destinations come through."""
    before = link.counters("tap0")
    frames = [frame.ethernet(to=address) for address in to]
    packet.send("tap0", *frames)
    got = unit.drain()
    equal(link.counted("tap0", before).get("tx_filtered", 0), len(to) - len(got), "tx_filtered")
    return [one[:6] for one in got]


def set_addresses(flags, *addresses):
    """TUNSETTXFILTER: how many are compared."""
    return unit.ioctl(tunabi.TUNSETTXFILTER, struct.pack("HH", flags, len(addresses)) + b"".join(addresses))


equal(len(set_addresses(0, *ADDRESSES)), 4 + 48, "TUNSETTXFILTER takes eight")
equal(passes(*ADDRESSES, bytes([2, 0, 0, 0, 0, 9]), MULTICAST, frame.BROADCAST), ADDRESSES, "what eight addresses let in")
set_addresses(0, *ADDRESSES, MULTICAST)
equal(passes(ADDRESSES[0], MULTICAST), [ADDRESSES[0], MULTICAST], "with a multicast address")
set_addresses(ALLMULTI, *ADDRESSES[:1])
equal(passes(ADDRESSES[0], ADDRESSES[1], frame.BROADCAST), [ADDRESSES[0], frame.BROADCAST], "with all multicast")
set_addresses(0, *ADDRESSES, bytes([2, 0, 0, 0, 0, 9]))
equal(len(passes(ADDRESSES[0], bytes(6), MULTICAST)), 3, "frames let in by nine addresses, which is no filter")
set_addresses(0)

# Classic BPF: return byte 5 of the frame, as a length.
code = ctypes.create_string_buffer(struct.pack("<HBBI", 0x30, 0, 0, 5) + struct.pack("<HBBI", 0x16, 0, 0, 0))
unit.ioctl(tunabi.TUNATTACHFILTER, struct.pack("HxxxxxxQ", 2, ctypes.addressof(code)))
packet.send("tap0", *(frame.ethernet(bytes(50), bytes([2, 0, 0, 0, 0, n])) for n in (0, 20, 30)))
equal([len(one) for one in unit.drain()], [20, 30], "lengths the socket filter leaves")

# What is cut may be a frame that is still to be summed: no place for the sum, and no complaint in the log.
unit.ioctl(tunabi.TUNSETOFFLOAD, TUN_F_CSUM)
link.ip("address", "add", "10.0.0.1/24", "dev", "tap0")
link.ip("neighbour", "add", "10.0.0.2", "lladdr", "02:00:00:00:00:14", "dev", "tap0")
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
    sender.sendto(bytes(100), ("10.0.0.2", 9))
equal([len(one) for one in unit.drain()], [20], "length of what is cut before its sum")
unit.ioctl(tunabi.TUNSETOFFLOAD, 0)

raises(errno.EINVAL, unit.ioctl, tunabi.TUNATTACHFILTER, struct.pack("HxxxxxxQ", 0, ctypes.addressof(code)))
raises(errno.EFAULT, unit.ioctl, tunabi.TUNATTACHFILTER, struct.pack("HxxxxxxQ", 2, 8))
packet.send("tap0", frame.ethernet(to=bytes(6)))
equal(unit.drain(), [], "what the filter of before lets in")
unit.ioctl(tunabi.TUNDETACHFILTER, bytes(16))
equal(passes(ADDRESSES[0]), [ADDRESSES[0]], "without it")

program = bpf.load(bpf.SOCKET_FILTER, bpf.returns_byte(5))
unit.set(tunabi.TUNSETFILTEREBPF, program)
os.close(program)
packet.send("tap0", *(frame.ethernet(bytes(50), bytes([2, 0, 0, 0, 0, n])) for n in (0, 15, 16)))
equal([len(one) for one in unit.drain()], [15, 16], "lengths the program leaves")
unit.close()

unit = tap.Tap(0, flags=os.O_NONBLOCK)
link.up("tap0")
equal(passes(ADDRESSES[0]), [ADDRESSES[0]], "what the BSD face reads")
