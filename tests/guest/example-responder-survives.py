# SPDX-License-Identifier: BSD-2-Clause
"""
examples/responder answers nothing to frames that are cut short, that claim other lengths than they have, that
have wrong checksums, senders or protocols, or that are random; and it lives on. Each lot is followed by an ARP
request, whose answer is the only frame to come back.
"""
# timeout: 120
import os
import pathlib
import random
import select
import socket
import struct
import subprocess

import frame
import link
from check import equal, true

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("IFTAP_RESPONDER") or TOP / "build/examples/responder"
HOST, HOST6 = "192.0.2.2", "2001:db8::2"
US, US6 = "192.0.2.1", "2001:db8::1"

true(os.access(PROGRAM, os.X_OK), f"{PROGRAM} is there (make examples builds it)")

with open("/proc/sys/net/ipv6/conf/default/disable_ipv6", "w", encoding="ascii") as f:
    f.write("1")    # the stack itself shall say nothing
# pylint: disable-next=consider-using-with
responder = subprocess.Popen([PROGRAM], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True)
true("at the far end of tap0" in responder.stdout.readline(), "its first line says that it is ready")
link.up("tap0")
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
wire.bind(("tap0", 0))


def received():
    """The next frame from the responder."""
    while True:
        true(select.select([wire], [], [], 20)[0], "a frame comes back within 20 s")
        data, (_, _, kind, _, _) = wire.recvfrom(70000)
        if kind != socket.PACKET_OUTGOING:
            return data


def answers(frames):
    """What comes back for @frames."""
    for data in frames:
        wire.send(data)
    wire.send(frame.arp(1, frame.PEER, "192.0.2.77", b"\0" * 6, HOST))
    came = []
    while True:
        data = received()
        if frame.protocol(data) == frame.ARP and data[38:42] == frame.packed("192.0.2.77"):
            return came
        came.append(data)


def nothing(what, frames, before=()):
    """The responder has no answer to any of these, each sent after those in @before, which get none either."""
    for data in frames:
        equal(answers([*before, data]), [], f"the answer to {what} ({data.hex()})")
    equal(responder.poll(), None, f"the responder's exit status after {what}")


def changed(data, at, new):
    """@data with the bytes at @at replaced."""
    return data[:at] + new + data[at + len(new):]


def resum(data):
    """Its IPv4 header checksum made right."""
    head = changed(data[14:34], 10, b"\0\0")
    return changed(data, 24, struct.pack("!H", frame.checksum(head)))


mac = bytes.fromhex(pathlib.Path("/sys/class/net/tap0/if_tap/remote_address").read_text(encoding="ascii")
                    .strip().replace(":", ""))
v4 = {"to": mac, "protocol": frame.IPV4}
v6 = {"to": mac, "protocol": frame.IPV6}


def wrong_udp_length(data, length):
    """A UDP over IPv4 frame whose UDP header lies about its length, with the right checksum."""
    data = changed(changed(data, 38, struct.pack("!H", length)), 40, b"\0\0")
    pseudo = data[26:34] + struct.pack("!BBH", 0, frame.UDP, len(data) - 34)
    return changed(data, 40, struct.pack("!H", frame.checksum(pseudo + data[34:])))


def udp6(payload, port=7):
    """UDP over IPv6, in a packet."""
    return frame.ipv6(struct.pack("!HHHH", 4000, port, 8 + len(payload), 0) + payload, US6, HOST6, frame.UDP)


arp = frame.arp(1, frame.PEER, US, b"\0" * 6, HOST)
ping = frame.ethernet(frame.ipv4(frame.echo(8, 1, 1, b"ping"), US, HOST, frame.ICMP), **v4)
ping6 = frame.ethernet(frame.ipv6(frame.echo(128, 1, 1, b"ping"), US6, HOST6, frame.ICMPV6), **v6)
udp = frame.ethernet(frame.udp(b"hello", US, HOST, 4000, 7), **v4)
udp6_frame = frame.ethernet(udp6(b"hello"), **v6)
ask = frame.neighbour_solicitation(frame.PEER, US6, HOST6)
good = {"ARP": arp, "ping": ping, "ping6": ping6, "UDP": udp, "UDP6": udp6_frame, "neighbour": ask}

for name, data in good.items():
    equal(len(answers([data])), 1, f"the number of answers to a good frame, {name}")
    equal(len(answers([data + b"\xaa" * 20])), 1, f"the number of answers to the same with padding, {name}")
    # What is cut off lies where the frame before has put it, should the responder look there.
    whole = changed(data, 0, b"\2\0\0\0\0\1")
    nothing(f"{name} cut short", [data[:n] for n in range(14, len(data))], [whole])
    nothing(f"{name} to another host", [changed(data, 0, b"\2\0\0\0\0\1")])
    nothing(f"{name} from a group", [changed(data, 6, b"\1")])
    nothing(f"{name} in another protocol's clothes",
            [changed(data, 12, struct.pack("!H", p)) for p in (0, 0x88b5, 0xffff, frame.VLAN)])

nothing("ARP that is none", [changed(arp, 14 + at, b"\x7f") for at in range(8)] + [changed(arp, 38, b"\1")])
nothing("IPv4 with a wrong version or header length", [resum(changed(ping, 14, bytes([b]))) for b in range(256)
                                                       if b != 0x45])
total = len(ping) - 14
nothing("IPv4 with a wrong total length", [resum(changed(ping, 16, struct.pack("!H", n)))
                                           for n in [*range(total), total + 1, 0x7fff, 0x8000, 0xffff]])
nothing("IPv4 fragments", [resum(changed(ping, 20, flags)) for flags in (b"\x20\0", b"\0\1", b"\x3f\xff")])
nothing("IPv4 with a wrong checksum", [changed(ping, 24, b"\0\0"), changed(ping, 40, b"xx")])
nothing("IPv4 from or to nobody and everybody",
        [frame.ethernet(frame.ipv4(frame.echo(8, 1, 1, b"ping"), source, target, frame.ICMP), **v4)
         for source, target in (("0.0.0.0", HOST), ("224.0.0.1", HOST), ("255.255.255.255", HOST), (US, "192.0.2.3"),
                                (US, "255.255.255.255"))])
nothing("an answer to a ping, a port unreachable",
        [frame.ethernet(frame.ipv4(frame.echo(kind, 1, 1, b"ping"), US, HOST, frame.ICMP), **v4) for kind in (0, 3)])
nothing("UDP to another port, from the echo port, with a wrong length",
        [frame.ethernet(frame.udp(b"hello", US, HOST, 4000, 9), **v4),
         frame.ethernet(frame.udp(b"hello", US, HOST, 7, 7), **v4)] +
        [wrong_udp_length(udp, n) for n in (0, 7, 8, 12, 14, 0xffff)])
equal(len(answers([wrong_udp_length(udp, 13)])), 1, "the number of answers to the right length made the same way")
nothing("IPv6 with a wrong version", [changed(ping6, 14, bytes([b << 4])) for b in range(16) if b != 6])
for name in ("ping6", "UDP6", "neighbour"):
    size = len(good[name]) - 54
    nothing(f"{name} with a wrong payload length", [changed(good[name], 18, struct.pack("!H", n))
                                                    for n in [*range(size), size + 1, 0x7fff, 0xffff]])
nothing("IPv6 extension headers", [changed(ping6, 20, bytes([n])) for n in (0, 43, 44, 50, 51, 59, 60, 255)])
nothing("IPv6 from or to nobody and groups",
        [frame.ethernet(frame.ipv6(frame.echo(128, 1, 1, b"ping"), source, target, frame.ICMPV6), **v6)
         for source, target in (("::", HOST6), ("ff02::1", HOST6), (US6, "2001:db8::3"), (US6, "ff02::1"))])
nothing("a solicitation from another network", [changed(ask, 21, b"\xfe"), changed(ask, 21, b"\0")])
nothing("a solicitation for somebody else", [frame.neighbour_solicitation(frame.PEER, US6, "2001:db8::3")])
nothing("a solicitation whose packet ends early, with the right checksum",
        [frame.ethernet(frame.ipv6(ask[54:54 + n], US6, HOST6, frame.ICMPV6), **v6) for n in range(4, 24)],
        [changed(ask, 0, b"\2\0\0\0\0\1")])
nothing("UDP over IPv6 without a checksum", [changed(udp6_frame, 60, b"\0\0")])

# The same every time; what is left of a good frame makes most of them get far.
dice = random.Random(20051230)
for lot in range(40):
    frames = []
    for _ in range(25):
        data = bytearray(dice.choice(list(good.values())))
        for _ in range(dice.randint(1, 6)):
            data[dice.randrange(12, len(data))] = dice.randrange(256)
        data = bytes(data[:dice.randint(14, len(data))]) + bytes(dice.randrange(3) * 50)
        frames.append(dice.choice((data, mac + dice.randbytes(dice.randint(8, 1500)))))
    answers(frames)     # some may still be good
    equal(responder.poll(), None, f"the responder's exit status after random frames, lot {lot}")
for name, data in good.items():
    equal(len(answers([data])), 1, f"the number of answers to a good frame at last, {name}")

responder.terminate()
output, _ = responder.communicate(timeout=20)
equal((responder.returncode, output.splitlines()[-1:]), (0, ["bye"]), f"status and last line of {output[-2000:]}")
