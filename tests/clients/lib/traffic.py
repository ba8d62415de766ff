# SPDX-License-Identifier: BSD-2-Clause
"""
Traffic over a link, by ping, TCP that is compared byte by byte, iperf3, and tcpdump which has to have seen it.
A namespace is a proc.Netns, or None for the one the test is in.
"""
import json
import os
import re
import socket
import subprocess

import link
import proc
from check import Failure, equal, true
from program import Program, inside

# Small: what is emulated is slow, and an emulator in it is slower.
SIZE = 200_000


def ping(address, count=3, size=56, netns=None):
    """Each of @count echo requests is answered."""
    # One at a time: sent several, ping waits for the last answer only as long as twice another one took.
    for n in range(count):
        with inside(netns):
            done = link.run("ping", "-n", "-c", 1, "-W", 10, "-s", size, address, check=False)
        true(" 1 received, 0% packet loss" in done.stdout,
             f"ping {n + 1} to {address} of {size} bytes is answered: {done.stdout} {done.stderr}")


def swap(sock, ours, length):
    """Send all of @ours and receive @length bytes at the same time."""
    sender = proc.Thread(sock.sendall, ours)
    theirs = b""
    while len(theirs) < length:
        part = sock.recv(1 << 16)
        if not part:
            break
        theirs += part
    sender.result()
    return theirs


def exchange(address, server=None, client=None, bind=None, ports=(0, 0), size=SIZE):
    """
    TCP from namespace @client to @address, where a socket listens in namespace @server: random bytes both ways
    at once, @size each, arrive as they were sent. If somebody translates, the address it listens on is @bind,
    and @ports are the one it listens on and the one to connect to.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with inside(server):
        listener = socket.create_server((bind or address, ports[0]), family=family)
    to, back = os.urandom(size), os.urandom(size)

    def serve():
        listener.settimeout(60)
        sock, _ = listener.accept()
        with sock:
            sock.settimeout(60)
            return swap(sock, back, len(to))

    thread = proc.Thread(serve)
    with inside(client):
        sock = socket.socket(family)
    with sock, listener:
        sock.settimeout(60)
        sock.connect((address, ports[1] or listener.getsockname()[1]))
        came = swap(sock, to, len(back))
        true(came == back, f"what came from {address} is what was sent there ({len(came)} of {len(back)} bytes)")
        came = thread.result()
        true(came == to, f"what went to {address} is what came there ({len(came)} of {len(to)} bytes)")


def iperf(address, server=None, client=None, size=1_000_000, bind=None):
    """iperf3 both ways at once."""
    serving = Program("iperf3", "-s", "-1", "-B", bind or address, "--forceflush", netns=server)
    serving.says("listening")
    with inside(client):
        said = link.run("iperf3", "-c", address, "-n", size, "--bidir", "-J", "--connect-timeout", 10000)
    serving.wait()
    answer = json.loads(said)
    true("error" not in answer, f"iperf3 has no error: {answer.get('error')}")
    rates = []
    # It ends when one direction has sent all, with some of it on its way and of the other only a part sent.
    sums = [answer["end"][key] for key in ("sum_received", "sum_received_bidir_reverse")]
    for each in sums:
        true(each["bytes"] > 20_000, f"iperf3 moves data each way: {each}")
        rates.append(f"{each['bits_per_second'] / 1e6:.1f}")
    true(sum(each["bytes"] for each in sums) > size / 4, f"iperf3 moves much of {size} bytes: {sums}")
    print(f"iperf3: {' and '.join(rates)} Mbit/s")


class Capture:
    """tcpdump for @count packets that match @expression on interface @name; it runs when this returns."""

    def __init__(self, name, expression, count, *options, netns=None):
        self.program = Program("tcpdump", "-i", name, "-n", "-t", "-l", "-c", count, *options, expression, netns=netns)
        self.program.says("listening on")
        self.count = count

    def has_ended(self, seconds):
        """Has it seen them all, or does it within some seconds?"""
        try:
            self.program.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def lines(self, seconds=30):
        """What it printed of each packet; fails unless it saw @count."""
        said = self.program.succeeds(seconds)
        lines = re.findall(r"^(?:IP|ARP|\d+:).*", said, re.M)
        equal(len(lines) >= self.count, True, f"whether tcpdump saw {self.count} packets: {said}")
        return lines


def echoes(lines, one, other):
    """Fail unless there are echo requests and replies both ways between two addresses in tcpdump's lines."""
    for source, target in ((one, other), (other, one)):
        for kind in ("request", "reply"):
            pattern = rf"IP6? {re.escape(source)} > {re.escape(target)}: ICMP6?,? echo {kind}"
            if not any(re.search(pattern, line) for line in lines):
                raise Failure(f"tcpdump saw no echo {kind} from {source} to {target}: {lines}")


def both_ways(name, near, far, there, here=None):
    """
    Everything, between address @near of the interface @name in namespace @here, and address @far in namespace
    @there: pings of several sizes from both ends, which tcpdump sees; TCP from both ends; iperf3. The
    interface's counters have grown by it.
    """
    with inside(here):
        before = link.statistics(name)
    capture = Capture(name, "icmp or icmp6", 8, netns=here)
    ping(far, 1, 56, netns=here)
    ping(near, 1, 1300, netns=there)
    ping(far, 2, 0, netns=here)
    ping(near, 2, 3000, netns=there)
    echoes(capture.lines(), near, far)
    exchange(far, server=there, client=here)
    exchange(near, server=here, client=there)
    iperf(far, server=there, client=here)
    with inside(here):
        after = link.statistics(name)
    for way in ("rx", "tx"):
        moved = after[f"{way}.bytes"] - before[f"{way}.bytes"]
        true(moved > 3 * SIZE, f"{name} counts the bytes ({way}): {moved}")
