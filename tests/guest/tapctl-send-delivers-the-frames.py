# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl send gives the frames of a pcap file to the stack, in order, as received on the interface; afterwards a
tap is down, as always after closing, and a vmnet is as before.
"""
import socket

import frame
import link
import packet
from check import equal
from programs import TAPCTL

link.quiet()
frames = [frame.numbered(n, length) for n, length in enumerate((14 + 4, 60, 1514, 16384))]
frame.write_pcap("frames.pcap", *frames)
for name, last in (("tap1", "tap1: down, as a tap is when it is closed\n"), ("vmnet1", "")):
    link.ip("link", "add", name, "type", "if_tap")
    link.ip("address", "add", "10.0.0.1/24", "dev", name)
    link.ip("link", "set", "dev", name, "up")
    with packet.Capture(name) as capture:
        equal(link.run(TAPCTL, "send", name, "frames.pcap"), f"{name}: 4 frames sent\n{last}", "what send says")
        capture.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)     # that the interface went down
        equal([capture.receive() for _ in frames], frames, "the frames received")
    equal(link.is_up(name), name == "vmnet1", f"{name} being up")
    equal(link.addresses(name, "inet"), ["10.0.0.1/24"] if name == "vmnet1" else [], f"the addresses of {name}")
    link.ip("link", "del", name)
