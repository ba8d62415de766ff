# SPDX-License-Identifier: BSD-2-Clause
"""
`ip link add NAME type if_tap` makes a closed unit whose kind and number are in its name: tap7, vmnet3. It is the
one that opening the node takes. Names of another form, numbers out of range or with leading zeros make a tap
without a number. An existing name is refused, an address given is kept.
"""
import errno

import link
import proc
import tap
from check import equal, raises, true


def add(name, *words):
    """Make it; kind and number, as sysfs has them."""
    link.ip("link", "add", *(["name", name] if name else []), *words, "type", "if_tap")
    return link.attribute(name, "if_tap/kind"), link.attribute(name, "if_tap/unit")


for name, expected in {"tap7": ("tap", "7"), "vmnet3": ("vmnet", "3"), "tap65535": ("tap", "65535"),
                       "vmnet255": ("vmnet", "255"), "tap65536": ("tap", ""), "vmnet256": ("tap", ""),
                       "tap007": ("tap", ""), "tap-1": ("tap", ""), "tap": ("tap", ""), "vmnet": ("tap", ""),
                       "tap7a": ("tap", ""), "xtap7": ("tap", ""), "tap+8": ("tap", ""), "other": ("tap", ""),
                       "tap99999999999": ("tap", "")}.items():
    equal(add(name), expected, f"kind and number of {name}")
    equal(link.attribute(name, "address")[:5], "00:bd", "the prefix of the address")
    equal(link.attribute(name, "if_tap/opened_by"), "", "who has it open")
state = link.state("tap7")
equal((state["linkinfo"]["info_kind"], state["mtu"]), ("if_tap", 1500), "the link kind and the MTU")
for name in ("tap7", "vmnet3", "other"):
    link.ip_fails("link", "add", name, "type", "if_tap")
index = link.state("tap7")["ifindex"]
with tap.Tap(7) as unit:
    equal(unit.ifname(), "tap7", "the name of the unit opened")
    equal(link.state("tap7")["ifindex"], index, "its index")
    link.up("tap7")
true("LOWER_UP" not in link.flags("other"), "a unit that nobody has open has no carrier")
link.ip("link", "set", "dev", "other", "up")
true("NO-CARRIER" in link.flags("other"), "a unit that nobody has open has no carrier when up")
link.ip("link", "set", "dev", "vmnet3", "up")
link.wait_ready("vmnet3")

add("tap9", "address", "02:00:00:00:00:09", "mtu", "9000", "txqueuelen", "5")
state = link.state("tap9")
equal((state["address"], state["mtu"], state["txqlen"]), ("02:00:00:00:00:09", 9000, 5), "what was asked for")
link.ip_fails("link", "add", "tap10", "mtu", "16371", "type", "if_tap")
for bad in ("01:00:00:00:00:09", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"):
    link.ip_fails("link", "add", "tap10", "address", bad, "type", "if_tap")
link.ip_fails("link", "add", "tap10", "numtxqueues", "257", "numrxqueues", "257", "type", "if_tap")
equal(link.exists("tap10"), False, "whether a refused interface is there")
add("tap10", "numtxqueues", "4", "numrxqueues", "4")
equal(link.state("tap10")["num_tx_queues"], 4, "the queues asked for")

# The kernel picks the number, and the unit has it.
link.ip("link", "add", "tap%d", "type", "if_tap")
equal(link.attribute("tap0", "if_tap/unit"), "0", "the number of tap%d")
link.ip("link", "add", "tap1", "type", "dummy")
link.ip("link", "add", "tap%d", "type", "if_tap")
equal(link.attribute("tap2", "if_tap/unit"), "2", "the number of the next tap%d")

# Made in another namespace, it is a unit of that.
there = proc.Netns()
link.ip("link", "add", "tap20", "netns", there.path(), "type", "if_tap")
with there:
    equal(link.names(), ["tap20"], "the interfaces there")
    with tap.Tap(20) as unit:
        equal(unit.ifname(), "tap20", "the name of the unit opened there")
        equal(link.names(), ["tap20"], "the interfaces there while open")
equal(link.exists("tap20"), False, "whether it is here")

# The unit keeps its number when its interface is renamed; a second of that number is refused.
link.ip("link", "set", "dev", "tap7", "name", "seven")
link.ip_fails("link", "add", "tap7", "type", "if_tap")
raises(errno.EEXIST, tap.Tap, 1)
with tap.Tap(7) as unit:
    equal(unit.ifname(), "seven", "the name of the unit opened after renaming")
