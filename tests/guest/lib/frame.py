# SPDX-License-Identifier: BSD-2-Clause
"""Frames as bytes: Ethernet, ARP, IPv4, IPv6, ICMP, neighbour discovery, UDP, with their checksums."""
import ipaddress
import os
import struct

BROADCAST = b"\xff" * 6
# Nobody's protocol, reserved for experiments: the stack takes no interest in its frames.
TEST = 0x88b5
IPV4, ARP, IPV6, VLAN = 0x0800, 0x0806, 0x86dd, 0x8100
ICMP, UDP, ICMPV6 = 1, 17, 58
PATTERN = bytes(range(256)) * 300
# The other end's address in tests.
PEER = bytes.fromhex("02005e100001")


def ethernet(payload=b"", to=BROADCAST, sender=PEER, protocol=TEST):
    """A frame."""
    return to + sender + struct.pack("!H", protocol) + payload


def numbered(n, length=64):
    """A frame of @length bytes that carries its number."""
    start = n & 0xff
    return ethernet(struct.pack("!I", n) + PATTERN[start:start + length - 18])


def number(frame):
    """The number of a frame made by numbered()."""
    return struct.unpack("!I", frame[14:18])[0]


def random(length):
    """A frame of @length bytes, of which all after the header are random."""
    return ethernet(os.urandom(length - 14))


def checksum(data):
    """The Internet's."""
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def packed(address):
    """An address in text as bytes."""
    return ipaddress.ip_address(address).packed


def arp(operation, sender_mac, sender, target_mac, target, to=BROADCAST):
    """ARP: operation 1 asks, 2 answers."""
    body = struct.pack("!HHBBH", 1, IPV4, 6, 4, operation)
    body += sender_mac + packed(sender) + target_mac + packed(target)
    return ethernet(body, to, sender_mac, ARP)


def ipv4(payload, source, target, protocol):
    """An IPv4 packet."""
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0)
    head += packed(source) + packed(target)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def ipv6(payload, source, target, protocol, hops=255):
    """An IPv6 packet; ICMPv6 and UDP get their checksum."""
    source, target = packed(source), packed(target)
    at = {ICMPV6: 2, UDP: 6}[protocol]
    pseudo = source + target + struct.pack("!II", len(payload), protocol)
    total = checksum(pseudo + payload[:at] + b"\0\0" + payload[at + 2:])
    payload = payload[:at] + struct.pack("!H", total) + payload[at + 2:]
    return struct.pack("!IHBB", 6 << 28, len(payload), protocol, hops) + source + target + payload


def echo(kind, ident, sequence, payload):
    """ICMP echo: kind 8 asks, 0 answers; in ICMPv6 128 and 129, summed by ipv6()."""
    body = struct.pack("!BBHHH", kind, 0, 0, ident, sequence) + payload
    if kind >= 128:
        return body
    return body[:2] + struct.pack("!H", checksum(body)) + body[4:]


def udp(payload, source, target, source_port, target_port):
    """UDP over IPv4, in a packet."""
    head = struct.pack("!HHHH", source_port, target_port, 8 + len(payload), 0)
    pseudo = packed(source) + packed(target) + struct.pack("!BBH", 0, UDP, 8 + len(payload))
    total = checksum(pseudo + head + payload) or 0xffff
    return ipv4(head[:6] + struct.pack("!H", total) + payload, source, target, UDP)


def neighbour_solicitation(sender_mac, sender, target):
    """Who has the IPv6 address @target?"""
    group = packed("ff02::1:ff00:0")[:13] + packed(target)[13:]
    body = struct.pack("!BBHI", 135, 0, 0, 0) + packed(target) + b"\1\1" + sender_mac
    packet = ipv6(body, sender, str(ipaddress.IPv6Address(group)), ICMPV6)
    return ethernet(packet, b"\x33\x33" + group[12:], sender_mac, IPV6)


def neighbour_advertisement(sender_mac, sender, to_mac, to):
    """I have the IPv6 address @sender."""
    body = struct.pack("!BBHI", 136, 0, 0, 0x60000000) + packed(sender) + b"\2\1" + sender_mac
    return ethernet(ipv6(body, sender, to, ICMPV6), to_mac, sender_mac, IPV6)


def protocol(frame):
    """Its Ethernet protocol."""
    return struct.unpack("!H", frame[12:14])[0]


def answer(frame, mac, address, address6):
    """
    What a host with this MAC address, IPv4 and IPv6 address would answer to @frame: to ARP, neighbour
    solicitations and echo requests; None to anything else.
    """
    sender, packet = frame[6:12], frame[14:]
    kind = protocol(frame)
    if kind == ARP and packet[6:8] == b"\0\1" and packet[24:28] == packed(address):
        return arp(2, mac, address, packet[8:14], str(ipaddress.ip_address(packet[14:18])), sender)
    if kind == IPV4 and packet[9] == ICMP and packet[16:20] == packed(address) and packet[20] == 8:
        end = struct.unpack("!H", packet[2:4])[0]
        ident, sequence = struct.unpack("!HH", packet[24:28])
        reply = echo(0, ident, sequence, packet[28:end])
        source = str(ipaddress.ip_address(packet[12:16]))
        return ethernet(ipv4(reply, address, source, ICMP), sender, mac, IPV4)
    if kind == IPV6 and packet[6] == ICMPV6:
        source = str(ipaddress.ip_address(packet[8:24]))
        if packet[40] == 135 and packet[48:64] == packed(address6):
            return neighbour_advertisement(mac, address6, sender, source)
        if packet[40] == 128 and packet[24:40] == packed(address6):
            end = 40 + struct.unpack("!H", packet[4:6])[0]
            ident, sequence = struct.unpack("!HH", packet[44:48])
            reply = echo(129, ident, sequence, packet[48:end])
            return ethernet(ipv6(reply, address6, source, ICMPV6), sender, mac, IPV6)
    return None


def tcp_segment(n, payload, to):
    """The nth segment of a stream from 10.0.0.2 to 10.0.0.1 that GRO may merge; all are as long as @payload."""
    tcp = struct.pack(">HHIIBBHHH", 1000, 2000, 1 + n * len(payload), 1, 5 << 4, 0x10, 1000, 0, 0) + payload
    pseudo = bytes([10, 0, 0, 2, 10, 0, 0, 1, 0, 6]) + struct.pack(">H", len(tcp))
    tcp = tcp[:16] + struct.pack(">H", checksum(pseudo + tcp)) + tcp[18:]
    ip = bytearray(ipv4(tcp, "10.0.0.2", "10.0.0.1", 6))
    ip[4:6] = struct.pack(">H", n)  # counts up, or to make segments of it again takes NETIF_F_TSO_MANGLEID
    ip[6] = 0x40
    ip[10:12] = bytes(2)
    ip[10:12] = struct.pack(">H", checksum(bytes(ip[:20])))
    return ethernet(bytes(ip), to=to, protocol=IPV4)


def write_pcap(path, *frames, link_type=1, snaplen=65535):
    """A capture file."""
    with open(path, "wb") as f:
        f.write(struct.pack("=IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, snaplen, link_type))
        for n, data in enumerate(frames):
            f.write(struct.pack("=IIII", n, 0, min(len(data), snaplen), len(data)) + data[:snaplen])
