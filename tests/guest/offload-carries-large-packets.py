# SPDX-License-Identifier: BSD-2-Clause
"""
Two stacks joined by a program that carries frames with their offload headers from one unit to the other: TCP
over IPv4 and IPv6 and UDP in segments go through whole, in frames far larger than the MTU, with checksums never
computed. With checksums left to do only, in frames of the MTU; without offloads, with all checksums right.
"""
import hashlib
import os
import socket

import proc
from check import equal, true
from offload import ALL, CSUM, GSO_TCPV4, GSO_TCPV6, GSO_UDP_L4, Pair

DATA = os.urandom(2 << 20)
UDP_SEGMENT = 103


def serve(server):
    """Receive all there is."""
    digest, total = hashlib.sha256(), 0
    connection, _ = server.accept()
    with connection:
        while data := connection.recv(1 << 16):
            digest.update(data)
            total += len(data)
    return total, digest.hexdigest()


def tcp(pair, family, address):
    """A stream from one stack to the other."""
    with pair.spaces[1]:
        server = socket.create_server((address, 5001), family=family)
    server.settimeout(60)
    receiver = proc.Thread(serve, server)
    with pair.spaces[0]:
        client = socket.socket(family, socket.SOCK_STREAM)
    client.settimeout(60)
    client.connect((address, 5001))
    client.sendall(DATA)
    client.close()
    equal(receiver.result(), (len(DATA), hashlib.sha256(DATA).hexdigest()), f"what came through to {address}")
    server.close()


def udp(pair, family, address):
    """Datagrams of 1,000 bytes, given to the stack 40,000 at a time."""
    with pair.spaces[1]:
        server = socket.socket(family, socket.SOCK_DGRAM)
    server.settimeout(60)
    server.bind((address, 5002))
    with pair.spaces[0]:
        client = socket.socket(family, socket.SOCK_DGRAM)
    client.setsockopt(socket.SOL_UDP, UDP_SEGMENT, 1000)
    client.sendto(DATA[:40000], (address, 5002))
    got = [server.recv(65536) for _ in range(40)]
    equal(got, [DATA[i:i + 1000] for i in range(0, 40000, 1000)], f"datagrams to {address}")
    client.close()
    server.close()


def run(offloads):
    """All of it; the kinds of large frames seen."""
    with Pair(offloads) as pair:
        tcp(pair, socket.AF_INET, "10.9.0.2")
        tcp(pair, socket.AF_INET6, "fd09::2")
        if offloads:    # 6.1 cuts up no UDP for an interface that wants its checksums finished
            udp(pair, socket.AF_INET, "10.9.0.2")
            udp(pair, socket.AF_INET6, "fd09::2")
        largest = max(length for _, length, _ in pair.cable.seen)
        unfinished = sum(1 for _, _, header in pair.cable.seen if header[0])
        return [pair.cable.large(kind) for kind in (GSO_TCPV4, GSO_TCPV6, GSO_UDP_L4)], largest, unfinished


large, largest, unfinished = run(ALL)
print(f"large frames of TCPv4, TCPv6, UDP: {large}; the largest {largest}; {unfinished} without checksum")
true(large[0] and large[1], "TCP went in large frames")
true(large[2] >= 2, "UDP went in large frames over IPv4 and IPv6")
true(largest > 30000, "there were frames of many segments")
large, largest, unfinished = run(CSUM)
equal(large, [0, 0, 0], "large frames with checksums left to do only")
true(unfinished and largest <= 1514, "frames fit the MTU, their checksums are left to do")
large, largest, unfinished = run(0)
equal((large, unfinished), ([0, 0, 0], 0), "large or unfinished frames without offloads")
true(largest <= 1514, "frames fit the MTU")
