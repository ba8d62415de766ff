# SPDX-License-Identifier: BSD-2-Clause
"""
QEMU without a guest: a hub joins what it has on a tap to its own network stack, which has a DHCP server, answers
ping, and connects TCP on to this namespace's loopback.
"""
import pathlib

import link
import traffic
from check import equal, true
from program import Program

QEMU = "qemu-system-x86_64"
HELPER = "/usr/lib/qemu/qemu-bridge-helper"
# QEMU's network as it is by default; what connects to OUTSIDE here comes to the tap's address, port INSIDE.
GATEWAY, GUEST = "10.0.2.2", "10.0.2.15"
OUTSIDE, INSIDE = 5555, 6666


def command(netdev):
    """The command for QEMU with @netdev, whose id is t, joined to its network."""
    return [QEMU, "-nodefaults", "-display", "none", "-machine", "none", "-netdev", netdev,
            "-netdev", f"user,id=u,hostfwd=tcp:127.0.0.1:{OUTSIDE}-{GUEST}:{INSIDE}",
            "-netdev", "hubport,id=h0,hubid=0,netdev=t", "-netdev", "hubport,id=h1,hubid=0,netdev=u"]


def hub(netdev, **options):
    """QEMU with @netdev, whose id is t, joined to its network; it runs."""
    return Program(*command(netdev), **options)


def dhcp(name):
    """Get an address for the interface by DHCP, and set it; the address."""
    script = pathlib.Path("udhcpc").resolve()
    script.write_text('#!/bin/sh\n[ "$1" != bound ] || echo "$ip/$mask" >address\n', encoding="ascii")
    script.chmod(0o755)
    link.run("busybox", "udhcpc", "-i", name, "-n", "-q", "-f", "-t", 10, "-T", 2, "-s", script)
    address = pathlib.Path("address").read_text(encoding="ascii").strip()
    link.ip("address", "add", address, "dev", name)
    return address


def network_answers(name):
    """
    Over the interface @name, which is up: QEMU's DHCP, ping, TCP each way and iperf3, with tcpdump as a witness.
    """
    lease = traffic.Capture(name, "port 67 or port 68", 4, "-v")
    equal(dhcp(name), f"{GUEST}/24", "the address that QEMU's DHCP server gives")
    text = lease.program.succeeds()
    for kind in ("Discover", "Offer", "Request", "ACK"):
        true(f": {kind}" in text, f"tcpdump sees the DHCP {kind}: {text}")

    echoes = traffic.Capture(name, "icmp", 6)
    traffic.ping(GATEWAY, 3, 1400)
    lines = echoes.lines()
    for what in (f"IP {GUEST} > {GATEWAY}: ICMP echo request", f"IP {GATEWAY} > {GUEST}: ICMP echo reply"):
        equal(sum(line.startswith(what) for line in lines), 3, f"how many '{what}' tcpdump sees")

    traffic.exchange(GATEWAY, bind="127.0.0.1")
    traffic.exchange("127.0.0.1", bind=GUEST, ports=(INSIDE, OUTSIDE))
    traffic.iperf(GATEWAY, bind="127.0.0.1")
