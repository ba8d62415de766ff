# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl show, for people and as JSON, tells what ip(8) and ethtool(8) do, and what only the module knows: kind,
unit, node, remote address, transient, baudrate, frames waiting.
"""
import json
import subprocess

import abi
import frame
import link
import packet
import tap
from check import equal, true
from programs import TAPCTL

KEYS = """name ifindex kind unit open opener mtu address node remote_address flags operstate carrier transient
    baudrate queues queued txqueuelen counters statistics""".split()

link.quiet()
link.ip("link", "add", "tap1", "type", "if_tap")
with tap.Tap(1) as unit:
    link.ip("link", "set", "dev", "tap1", "promisc", "on", "txqueuelen", 3)
    link.up("tap1")
    unit.set(abi.SIOCSIFADDR, bytes.fromhex("02005e00ab01"), form="6s")
    unit.set(abi.TAPSIFINFO, 100_000_000, 1400, abi.IFT_ETHER, 0, form="ihBB")
    unit.set(abi.TAPSTRANSIENT, 1)
    with packet.Outlet("tap1") as outlet:
        for n in range(3):
            outlet.send(frame.numbered(n))
    unit.receive()
    unit.write(frame.numbered(9, 100))

    text = link.run(TAPCTL, "-j", "show", "tap1")
    done = subprocess.run(["jq", "-r", "keys_unsorted[]"], input=text, capture_output=True, text=True, check=True)
    equal(done.stdout.split(), KEYS, "the keys")
    told = json.loads(text)
    state = link.state("tap1")
    for key, expected in (
            ("name", "tap1"), ("ifindex", state["ifindex"]), ("kind", "tap"), ("unit", 1), ("open", True),
            ("mtu", 1400), ("address", state["address"]), ("node", "/dev/tap1"),
            ("remote_address", "02:00:5e:00:ab:01"),
            ("flags", ["up", "broadcast", "running", "promisc", "multicast"]), ("operstate", "up"),
            ("carrier", True), ("transient", True), ("baudrate", 100_000_000), ("queues", 1), ("queued", 2), ("txqueuelen", 3),
            ("counters", link.counters("tap1"))):
        equal(told[key], expected, f"the {key}")
    equal(told["counters"]["tx_packets"], 1, "the frames read")
    stats = link.statistics("tap1")
    for way in ("rx", "tx"):
        for key in ("packets", "bytes", "errors", "dropped"):
            equal(told["statistics"][f"{way}_{key}"], stats[f"{way}.{key}"], f"the statistics' {way}_{key}")
    equal(told["statistics"]["rx_bytes"], 100, "the bytes received")

    lines = link.run(TAPCTL, "show", "tap1").splitlines()
    equal(lines[0], "tap1: tap unit 1, /dev/tap1", "the first line")
    for line in ("address: " + state["address"], "remote address: 02:00:5e:00:ab:01", "mtu: 1400",
                 "flags: up broadcast running promisc multicast", "state: up, carrier on", "transient: yes",
                 "baudrate: 100000000 bit/s", "queues: 1", "queued: 2 frames waiting, txqueuelen 3",
                 *(f"  {key}: {value}" for key, value in told["counters"].items())):
        true("  " + line in lines, f"show has a line {line!r} among {lines}")

link.ip("link", "add", "cable", "numtxqueues", 4, "numrxqueues", 4, "type", "if_tap")
told = json.loads(link.run(TAPCTL, "-j", "show", "cable"))
equal((told["unit"], told["node"], told["baudrate"], told["operstate"]), (None, None, None, "down"), "what cable lacks")
equal(told["queues"], 4, "the queues of cable")
equal(link.run(TAPCTL, "show", "cable").splitlines()[0], "cable: tap without a number, no node in /dev", "its first line")
