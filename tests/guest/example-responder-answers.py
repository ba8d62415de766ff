# SPDX-License-Identifier: BSD-2-Clause
"""
examples/responder, at the far end of tap0, answers the system's own ping over IPv4 and IPv6, small and large,
and sends back what it gets by UDP on port 7 over both; it says so line by line, has a MAC address of its own
that the driver shows, and ends cleanly on SIGINT and SIGTERM.
"""
import os
import pathlib
import signal
import socket
import subprocess

import link
from check import equal, true, wait_for

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("IFTAP_RESPONDER") or TOP / "build/examples/responder"
ADDRESSES = {socket.AF_INET: "198.51.100.2", socket.AF_INET6: "2001:db8:7::2"}

true(os.access(PROGRAM, os.X_OK), f"{PROGRAM} is there (make examples builds it)")


def echo(family, payload):
    """What the responder sends back."""
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        s.settimeout(20)
        s.connect((ADDRESSES[family], 7))
        s.send(payload)
        return s.recv(70000)


def end(program, number):
    """Its exit status and output when it gets signal @number."""
    program.send_signal(number)
    output, _ = program.communicate(timeout=20)
    return program.returncode, output


def start(*arguments):
    """The responder; it is ready when this returns."""
    # pylint: disable-next=consider-using-with
    program = subprocess.Popen([PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
    first = program.stdout.readline()
    true("at the far end of tap0" in first, f"its first line says that it is ready: {first}")
    return program


responder = start("-i", ADDRESSES[socket.AF_INET], "-6", ADDRESSES[socket.AF_INET6])
link.up("tap0", "198.51.100.1/24", "2001:db8:7::1/64")
for address in ADDRESSES.values():
    for size in (0, 56, 57, 1400):
        answer = link.run("ping", "-n", "-c", 2, "-i", 0.1, "-W", 20, "-s", size, address)
        true(" 2 received, 0% packet loss" in answer, f"ping says 2 received: {answer}")
for family in ADDRESSES:
    for message in (b"", b"x", b"a tap is a cable" * 90, bytes(range(251))):
        equal(echo(family, message), message, "what comes back from port 7")

mac = pathlib.Path("/sys/class/net/tap0/if_tap/remote_address").read_text(encoding="ascii").strip()
true(bytes.fromhex(mac.replace(":", "")) != link.mac("tap0"), "both ends have their own MAC address")
neighbours = {entry["dst"]: entry["lladdr"] for entry in link.ip("neighbour", "show", "dev", "tap0")}
for address in ADDRESSES.values():
    equal(neighbours.get(address), mac, f"the MAC address of {address}")

status, said = end(responder, signal.SIGTERM)
equal(status, 0, "exit status after SIGTERM")
for line, least in (("ARP request from 198.51.100.1", 1), ("neighbour solicitation from 2001:db8:7::1", 1),
                    ("ping from 198.51.100.1", 8), ("ping from 2001:db8:7::1", 8),
                    ("UDP from 198.51.100.1", 4), ("UDP from 2001:db8:7::1", 4)):
    true(said.splitlines().count(line) >= least, f"it said '{line}' {least} times: {said}")
wait_for(lambda: not link.is_up("tap0"), "tap0 is down when the responder has ended")

status, said = end(start(), signal.SIGINT)
equal((status, said.splitlines()[-1:]), (0, ["bye"]), "status and last line after SIGINT")
