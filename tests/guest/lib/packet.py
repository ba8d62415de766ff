# SPDX-License-Identifier: BSD-2-Clause
"""Packet sockets: frames put onto an interface's way out, and those that came in through it."""
import select
import socket
import time

from check import Failure

ETH_P_ALL = 3
OUTGOING = 4
SO_RCVBUFFORCE = 33
SOL_PACKET = 263
PACKET_AUXDATA = 8


class Outlet:
    """Sends frames out of an interface, as the stack would."""

    def __init__(self, name):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.socket.bind((name, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, *frames):
        """Each frame, whole."""
        for frame in frames:
            if self.socket.send(frame) != len(frame):
                raise Failure("a packet socket sent part of a frame")


class Capture:
    """Sees the frames that come in through an interface (or, with outgoing=True, go out)."""

    def __init__(self, name, outgoing=False):
        self.outgoing = outgoing
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
        self.socket.bind((name, ETH_P_ALL))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def receive(self, seconds=20):
        """The next frame."""
        end = time.monotonic() + seconds
        while True:
            left = max(0, end - time.monotonic())
            if not select.select([self.socket], [], [], left)[0]:
                raise Failure(f"no frame captured within {seconds} s")
            frame, address = self.socket.recvfrom(70000)
            if (address[2] == OUTGOING) == self.outgoing:
                return frame

    def drain(self):
        """All frames seen so far."""
        frames = []
        while select.select([self.socket], [], [], 0)[0]:
            frame, address = self.socket.recvfrom(70000)
            if (address[2] == OUTGOING) == self.outgoing:
                frames.append(frame)
        return frames


def send(name, *frames):
    """Send frames out of an interface."""
    with Outlet(name) as outlet:
        outlet.send(*frames)
