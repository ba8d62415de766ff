#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
# timeout: 300
"""
examples/tunnel: two of them, each in a network namespace with a tap of its own, make one Ethernet over UDP.
ping of several sizes and TCP in both directions go through, UDP datagrams of the same length are sent joined,
the statistics are printed on SIGUSR1 and at the end, and wrong arguments are told from each other.
"""
import json
import pathlib
import re
import signal
import subprocess

import check
import link
import proc

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "build/examples/tunnel"


class Tunnel:
    """A running tunnel. What it prints is read line by line."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([str(PROGRAM), *arguments], stdout=subprocess.PIPE, text=True)

    def lines(self, n):
        """The next lines it prints."""
        return [self.process.stdout.readline() for _ in range(n)]

    def stats(self, number):
        """Send it a signal and take the statistics it prints: to, from the network."""
        self.process.send_signal(number)
        return [dict((word, int(n)) for n, word in re.findall(r"(\d+) (\w+)", line)) for line in self.lines(2)]


def refuse(what, *arguments):
    """The program ends with status 2 and says what is wrong."""
    done = subprocess.run([str(PROGRAM), *arguments], capture_output=True, text=True, check=False)
    check.equal(done.returncode, 2, f"the exit status for {arguments}")
    check.true(what in done.stderr, f"{what} is said of {arguments}: {done.stderr}")


refuse("usage")
refuse("usage", "tap0", "10.0.0.1:5000")
refuse("ADDRESS:PORT", "tap0", "10.0.0.1", "10.0.0.2:5000")
refuse("port", "tap0", "10.0.0.1:0", "10.0.0.2:5000")
refuse("port", "tap0", "10.0.0.1:65536", "10.0.0.2:5000")
refuse("port", "tap0", "10.0.0.1:5x", "10.0.0.2:5000")
refuse("address", "tap0", "localhost:5000", "10.0.0.2:5000")
refuse("different kinds", "tap0", "10.0.0.1:5000", "[2001:db8::1]:5000")

other = proc.Netns()
link.ip("link", "add", "wire0", "type", "veth", "peer", "name", "wire1", "netns", other.path())
link.ip("link", "set", "lo", "up")
link.ip("address", "add", "10.0.0.1/24", "dev", "wire0")
link.ip("link", "set", "wire0", "up")
with other:
    link.ip("link", "set", "lo", "up")
    link.ip("address", "add", "10.0.0.2/24", "dev", "wire1")
    link.ip("link", "set", "wire1", "up")

here = Tunnel("tap0", "10.0.0.1:5000", "10.0.0.2:5001")
with other:
    there = Tunnel("tap0", "10.0.0.2:5001", "10.0.0.1:5000")
for tunnel in here, there:
    check.true(tunnel.lines(1)[0].startswith("tap0: "), "it says when it is ready")
link.ip("address", "add", "192.0.2.1/24", "dev", "tap0")
link.ip("link", "set", "tap0", "mtu", "1450", "up")
with other:
    link.ip("address", "add", "192.0.2.2/24", "dev", "tap0")
    link.ip("link", "set", "tap0", "mtu", "1450", "up")
    link.wait_ready("tap0")
link.wait_ready("tap0")

for size in 0, 100, 1422, 8000:
    link.run("ping", "-nq", "-c3", "-i0.05", "-w10", f"-s{size}", "192.0.2.2")

# One way after the other: at once, one could be done before the other has got its share. What is still in the
# sockets' buffers when the sender is done is not counted as received.
for way in [], ["--reverse"]:
    with other:
        server = subprocess.Popen(["iperf3", "-s", "-1", "--forceflush"], stdout=subprocess.PIPE, text=True)
        while "listening" not in server.stdout.readline():
            pass
    answer = json.loads(link.run("iperf3", "-c", "192.0.2.2", "-n", "4M", "-w", "256K", *way, "-J"))
    server.communicate()
    received = answer["end"]["sum_received"]
    check.true(received["bytes"] > 2 << 20, f"TCP moves data {way}: {received['bytes']} bytes")
    print(f"TCP {way}: {received['bits_per_second'] / 1e6:.0f} Mbit/s")

to, back = here.stats(signal.SIGUSR1)
print(to, back)
check.true(to["frames"] > 1000, "frames were counted")
check.true(to["messages"] < to["frames"], "frames shared messages")
check.true(to["calls"] <= to["messages"], "messages shared calls")
check.true(back["frames"] > 1000, "frames were counted")
check.equal(back["lost"], 0, "lost on the way into the tap")
check.equal(here.process.poll(), None, "the status of a tunnel after SIGUSR1")

# Frames too long for one datagram of the wire go too, alone and in fragments.
link.ip("link", "set", "tap0", "mtu", "4000")
with other:
    link.ip("link", "set", "tap0", "mtu", "4000")
link.run("ping", "-nq", "-f", "-c100", "-w10", "-s3900", "192.0.2.2")

# What is no frame is not given to the stack.
before = here.stats(signal.SIGUSR1)[1]
with other:
    there.stats(signal.SIGTERM)
    check.equal(there.process.wait(), 0, "the status after SIGTERM")
    # Its place is taken by somebody who sends rubbish.
    subprocess.run(["python3", "-c", "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM);"
                    "s.bind(('10.0.0.2', 5001)); s.connect(('10.0.0.1', 5000));"
                    "[s.send(bytes(n)) for n in (0, 1, 13, 14, 60, 65000)]"], check=True)
check.wait_for(lambda: here.stats(signal.SIGUSR1)[1]["lost"] >= before["lost"] + 2, "rubbish is lost")
# Its peer gone, it goes on.
link.run("ping", "-nq", "-c3", "-i0.05", "-W1", "192.0.2.2", check=False)
check.equal(here.process.poll(), None, "the status of a tunnel without its peer")
# The interface gone, it does not.
link.ip("link", "del", "tap0")
check.equal(here.process.wait(), 1, "the status when the interface is deleted")
