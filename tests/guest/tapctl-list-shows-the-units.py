# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl list shows the if_tap interfaces of this network namespace and no others, and who has them open; tapctl
without a word does the same. Without any it prints nothing, and as JSON an empty array.
"""
import json
import os
import pathlib
import subprocess

import link
import proc
import tap
from check import equal
from programs import TAPCTL


def listed():
    """tapctl -j list, as jq(1) reads it."""
    text = link.run(TAPCTL, "-j", "list")
    equal(text.count("\n"), 1, "the number of lines of JSON")
    done = subprocess.run(["jq", "-c", "."], input=text, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


equal(link.run(TAPCTL, "list"), "", "the list without units")
equal(listed(), [], "the JSON without units")

link.ip("link", "add", "other0", "type", "dummy")
link.ip("link", "add", "vmnet3", "mtu", 9000, "type", "if_tap")
link.ip("link", "add", "cable", "type", "if_tap")
with proc.Netns(), tap.Tap(1):
    pass
with tap.Tap() as unit:
    lines = [line.split() for line in link.run(TAPCTL, "list").splitlines()]
    equal(lines[0], ["NAME", "KIND", "UNIT", "MTU", "ADDRESS", "STATE"], "the heading")
    rows = {words[0]: words[1:] for words in lines[1:]}
    equal(sorted(rows), ["cable", "tap0", "vmnet3"], "the interfaces listed")
    address = {name: link.state(name)["address"] for name in rows}
    command = pathlib.Path("/proc/self/comm").read_text().strip()
    equal(rows["vmnet3"], ["vmnet", "3", "9000", address["vmnet3"], "closed"], "the line of vmnet3")
    equal(rows["cable"], ["tap", "-", "1500", address["cable"], "closed"], "the line of cable")
    equal(" ".join(rows["tap0"]), f"tap 0 1500 {address['tap0']} open by pid {os.getpid()} ({command})",
          "the line of tap0")
    equal(link.run(TAPCTL), link.run(TAPCTL, "list"), "the answer without a word")

    entries = {entry["name"]: entry for entry in listed()}
    equal(entries["tap0"], {
        "name": "tap0", "ifindex": link.state("tap0")["ifindex"], "kind": "tap", "unit": 0, "open": True,
        "opener": {"pid": os.getpid(), "command": command}, "mtu": 1500, "address": address["tap0"],
    }, "the JSON of tap0")
    equal(entries["vmnet3"]["kind"], "vmnet", "the kind of vmnet3")
    equal(entries["vmnet3"]["unit"], 3, "the number of vmnet3")
    equal(entries["vmnet3"]["open"], False, "vmnet3 being open")
    equal(entries["vmnet3"]["opener"], None, "the opener of vmnet3")
    equal(entries["cable"]["unit"], None, "the number of cable")
    equal(json.loads(link.run(TAPCTL, "-j")), json.loads(link.run(TAPCTL, "-j", "list")), "-j without a word")
