# SPDX-License-Identifier: BSD-2-Clause
"""
The interface's address can be changed, also while up; multicast and zero are refused. It stays over close, and
the stack takes frames to the new one as its own and to others not.
"""
import link
import frame
import packet
import tap
from check import equal, true

NEW = bytes.fromhex("020000000042")
link.quiet()
with tap.Tap() as unit:
    link.up("tap0", "10.1.0.1/24")
    for bad in ("01:00:5e:00:00:01", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"):
        link.ip_fails("link", "set", "dev", "tap0", "address", bad)
    old = link.mac("tap0")
    link.ip("link", "set", "dev", "tap0", "address", NEW.hex(":"))
    equal(link.mac("tap0"), NEW, "the address")
    link.ip("neigh", "add", "10.1.0.2", "lladdr", frame.PEER.hex(":"), "dev", "tap0")
    unit.drain()
    request = frame.ipv4(frame.echo(8, 1, 1, b"who"), "10.1.0.2", "10.1.0.1", frame.ICMP)
    unit.write(frame.ethernet(request, old, protocol=frame.IPV4))
    equal(unit.drain(), [], "answers to what is sent to the old address")
    unit.write(frame.ethernet(request, NEW, protocol=frame.IPV4))
    answer = unit.receive()
    equal(answer[:14], frame.PEER + NEW + b"\x08\x00", "the header of the answer")
    with packet.Capture("tap0") as capture:
        unit.write(frame.ethernet(b"", old))
        true(capture.receive(), "a capture sees frames for others")
equal(link.mac("tap0"), NEW, "the address after close")
with tap.Tap():
    equal(link.mac("tap0"), NEW, "the address after the next open")
