# SPDX-License-Identifier: BSD-2-Clause
"""
A frame that the stack put together from many pieces, parts of a file's pages of one byte and more, is read
whole; a read with less room ends within any of them, and readv(2) cuts it elsewhere.
"""
import os
import socket

import frame
import link
import tap
from check import equal

UDP_CORK = 1
HEADERS = 14 + 20 + 8
# Where in the file, how much of it; none follows the one before, or the stack would join them.
PIECES = [(5, 1), (4000, 96), (9000, 1), (100, 1), (12288, 4096), (77, 2), (8100, 800), (20000, 1471), (1, 3)]
FILE = os.urandom(32768)
PAYLOAD = b"".join(FILE[start:start + length] for start, length in PIECES)


def send():
    """One datagram of all the pieces."""
    for start, length in PIECES:
        equal(os.sendfile(sender.fileno(), file.fileno(), start, length), length, "what sendfile takes")
    sender.setsockopt(socket.IPPROTO_UDP, UDP_CORK, 0)
    sender.setsockopt(socket.IPPROTO_UDP, UDP_CORK, 1)


link.quiet()
with open("file", "wb") as file:
    file.write(FILE)
with tap.Tap() as unit, open("file", "rb") as file, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
    link.ip("link", "set", "dev", "tap0", "mtu", 9000)
    link.up("tap0", "10.1.0.1/24")
    link.ip("neigh", "add", "10.1.0.2", "lladdr", frame.PEER.hex(":"), "dev", "tap0")
    sender.setsockopt(socket.IPPROTO_UDP, UDP_CORK, 1)
    sender.connect(("10.1.0.2", 4000))
    send()
    whole = unit.receive()
    equal(len(whole), HEADERS + len(PAYLOAD), "the length of the frame")
    equal(whole[HEADERS:], PAYLOAD, "its payload")
    end = HEADERS
    for _, length in PIECES:
        end += length
        for room in (end - 1, end):
            send()
            equal(unit.waiting(), len(whole), "FIONREAD")
            got = unit.read(room)
            equal((len(got), got[HEADERS:]), (room, PAYLOAD[:room - HEADERS]), f"a read of {room} bytes")
    send()
    parts = [bytearray(n) for n in (7, 40, 1, 600, 5, 9000)]
    equal(os.readv(unit.fd, parts), len(whole), "what readv returns")
    equal(b"".join(parts)[HEADERS:len(whole)], PAYLOAD, "the payload by readv")
