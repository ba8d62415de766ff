# SPDX-License-Identifier: BSD-2-Clause
"""Interfaces: what ip(8), ethtool(8) and sysfs say of them, and changing them."""
import json
import os
import socket
import subprocess

from check import Failure, wait_for


def run(*command, check=True, text="", inherit=False):
    """
    Run a program, with @text to read and, if @inherit, our inheritable descriptors; its output, or a failure
    with what it said.
    """
    done = subprocess.run([str(word) for word in command], input=text, capture_output=True, text=True,
                          check=False, close_fds=not inherit)
    if check and done.returncode:
        raise Failure(f"{' '.join(str(w) for w in command)}: {done.stderr.strip()} {done.stdout.strip()}")
    return done.stdout if check else done


def ip(*words):
    """ip(8); what it answers, if anything, as a list of dictionaries."""
    answer = run("ip", "-j", *words).strip()
    # ip(8) prints empty objects for what its filters leave out.
    return [entry for entry in json.loads(answer) if entry] if answer else []


def ip_fails(*words):
    """Fail if ip(8) succeeds; what it says."""
    done = run("ip", *words, check=False)
    if done.returncode == 0:
        raise Failure(f"ip {' '.join(str(w) for w in words)} succeeds")
    return done.stderr.strip()


def names():
    """The interfaces of this network namespace, lo left out."""
    return sorted(name for _, name in socket.if_nameindex() if name != "lo")


def exists(name):
    """Is there an interface of this name?"""
    return name in names()


def state(name):
    """All of `ip -d -s link show`."""
    return ip("-d", "-s", "link", "show", "dev", name)[0]


def flags(name):
    """Its flags, a set of words."""
    return set(state(name)["flags"])


def is_up(name):
    """Is it administratively up?"""
    return "UP" in flags(name)


def is_ready(name):
    """Do frames pass? Of an interface that had its carrier from the beginning the kernel says "unknown"."""
    now = state(name)
    return now["operstate"] == "UP" or (now["operstate"] == "UNKNOWN" and "LOWER_UP" in now["flags"])


def wait_ready(name):
    """Wait until frames pass: the qdisc follows the carrier when the kernel gets round to it."""
    wait_for(lambda: is_ready(name), f"{name} is operational")


def up(name, *addresses):
    """Bring it up, with addresses, and wait until frames pass."""
    for address in addresses:
        extra = ["nodad"] if ":" in address else []
        ip("address", "add", address, "dev", name, *extra)
    ip("link", "set", "dev", name, "up")
    wait_ready(name)


def bridge(name, *ports):
    """A bridge that is quiet (no spanning tree, no multicast queries), up, and forwards between these ports."""
    ip("link", "add", name, "type", "bridge", "stp_state", 0, "mcast_snooping", 0)
    for port in ports:
        ip("link", "set", "dev", port, "master", name)
        up(port)
    up(name)
    for port in ports:
        wait_for(lambda p=port: port_state(p) == "forwarding", f"{port} forwards")


def port_state(name):
    """The state of a bridge's port, as ip(8) names it."""
    return state(name)["linkinfo"]["info_slave_data"]["state"]


def down(name):
    """Bring it down."""
    ip("link", "set", "dev", name, "down")


def addresses(name, family=None):
    """Its addresses, as "10.0.0.1/24", sorted."""
    info = ip("address", "show", "dev", name)[0]["addr_info"]
    return sorted(f"{a['local']}/{a['prefixlen']}" for a in info if family in (None, a["family"]))


def routes(name):
    """Routes through it in any table, as ip(8) has them."""
    return (ip("-4", "route", "show", "table", "all", "dev", name) +
            ip("-6", "route", "show", "table", "all", "dev", name))


def mac(name):
    """Its address as bytes."""
    return bytes.fromhex(state(name)["address"].replace(":", ""))


def statistics(name):
    """{"rx.packets": ...}, as `ip -s` shows them."""
    stats = state(name)["stats64"]
    return {f"{way}.{key}": value for way in ("rx", "tx") for key, value in stats[way].items()}


def counters(name):
    """What `ethtool -S` shows."""
    lines = run("ethtool", "-S", name).splitlines()[1:]
    return {key.strip(): int(value) for key, value in (line.split(":") for line in lines)}


def counted(name, before):
    """The counters that differ from those in @before, and by how much."""
    return {key: value - before[key] for key, value in counters(name).items() if value != before[key]}


def attribute(name, which):
    """/sys/class/net/NAME/WHICH, without the end of line. For the namespace /sys was mounted in."""
    with open(f"/sys/class/net/{name}/{which}", encoding="ascii") as f:
        return f.read().rstrip("\n")


def sysctl(key, value=None):
    """Read or write /proc/sys/KEY."""
    path = "/proc/sys/" + key
    if value is None:
        with open(path, encoding="ascii") as f:
            return f.read().strip()
    fd = os.open(path, os.O_WRONLY)
    try:
        os.write(fd, f"{value}\n".encode())
    finally:
        os.close(fd)
    return None


class Sysctl:
    """A sysctl set for a while: with link.Sysctl("net/link/tap/user_open", 1): ..."""

    def __init__(self, key, value):
        self.key, self.value = key, value
        self.before = None

    def __enter__(self):
        self.before = sysctl(self.key)
        sysctl(self.key, self.value)
        return self

    def __exit__(self, *_):
        sysctl(self.key, self.before)


def quiet():
    """No IPv6 in this namespace, so that no frame is sent but those a test sends."""
    sysctl("net/ipv6/conf/all/disable_ipv6", 1)
    sysctl("net/ipv6/conf/default/disable_ipv6", 1)
