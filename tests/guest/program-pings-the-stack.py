# SPDX-License-Identifier: BSD-2-Clause
"""
A program that writes ARP requests, neighbour solicitations and echo requests into the tap reads the stack's
correct answers, of every length that fits the MTU.
"""
import time

import frame
import link
import tap
from check import Failure, equal

MAC, ADDRESS, ADDRESS6 = frame.PEER, "10.77.0.2", "fd77::2"


def expect(unit, wanted, what, seconds=20):
    """Read until a frame for which wanted() is true; the stack may say other things on its own."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        got = unit.receive(seconds)
        if wanted(got):
            return got
    raise Failure(f"no {what} within {seconds} s")


with tap.Tap() as unit:
    link.up("tap0", "10.77.0.1/24", "fd77::1/64")
    stack = link.mac("tap0")

    unit.write(frame.arp(1, MAC, ADDRESS, b"\0" * 6, "10.77.0.1"))
    answer = expect(unit, lambda f: frame.protocol(f) == frame.ARP and f[20:22] == b"\0\2", "ARP reply")
    equal(answer[:42], frame.arp(2, stack, "10.77.0.1", MAC, ADDRESS, MAC), "the ARP reply")

    for size in (0, 1, 56, 1000, 1472):
        data = bytes(i & 0xff for i in range(size))
        request = frame.ipv4(frame.echo(8, 77, size, data), ADDRESS, "10.77.0.1", frame.ICMP)
        unit.write(frame.ethernet(request, stack, MAC, frame.IPV4))
        answer = expect(unit, lambda f: frame.protocol(f) == frame.IPV4 and f[23] == frame.ICMP, "echo reply")
        equal(answer[:12], MAC + stack, "the addresses of the echo reply")
        equal(answer[34:], frame.echo(0, 77, size, data), "the echo reply")

    unit.write(frame.neighbour_solicitation(MAC, ADDRESS6, "fd77::1"))
    answer = expect(unit, lambda f: frame.protocol(f) == frame.IPV6 and f[54] == 136, "neighbour advertisement")
    equal(answer[62:78], frame.packed("fd77::1"), "who is advertised")
    equal(answer[80:86], stack, "the address advertised")
    for size in (0, 56, 1452):
        data = bytes(i & 0xff for i in range(size))
        request = frame.ipv6(frame.echo(128, 77, size, data), ADDRESS6, "fd77::1", frame.ICMPV6)
        unit.write(frame.ethernet(request, stack, MAC, frame.IPV6))
        answer = expect(unit, lambda f: frame.protocol(f) == frame.IPV6 and f[54] == 129, "echo reply")
        reply = frame.ipv6(frame.echo(129, 77, size, data), "fd77::1", ADDRESS6, frame.ICMPV6)
        equal(answer[54:], reply[40:], "the ICMPv6 echo reply, with its checksum")
