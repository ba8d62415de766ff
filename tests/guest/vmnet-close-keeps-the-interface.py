# SPDX-License-Identifier: BSD-2-Clause
"""
Closing a vmnet leaves its interface as it is: up, with carrier, addresses, routes and neighbours. The same when
its opener is killed. Opening again finds all of that.
"""
import link
import proc
import tap
from check import equal, true, wait_for


def snapshot():
    """All that close must not touch."""
    link.wait_ready("vmnet0")
    state = link.state("vmnet0")
    return {"flags": sorted(state["flags"]), "addresses": link.addresses("vmnet0"), "routes": link.routes("vmnet0"),
            "mtu": state["mtu"], "mac": state["address"], "carrier": link.attribute("vmnet0", "carrier_changes"),
            "neighbours": link.ip("neigh", "show", "dev", "vmnet0", "nud", "permanent")}


def read_for_ever():
    """Also what the stack has sent meanwhile."""
    with tap.Tap(kind="vmnet") as unit:
        while True:
            unit.read()


with tap.Tap(kind="vmnet"):
    link.ip("address", "add", "10.1.0.1/24", "dev", "vmnet0")
    link.ip("address", "add", "10.1.0.2/24", "dev", "vmnet0")
    link.up("vmnet0", "fd77::1/64")
    link.ip("route", "add", "172.16.0.0/12", "via", "10.1.0.9")
    link.ip("neigh", "add", "10.1.0.9", "lladdr", "02:00:00:00:00:09", "dev", "vmnet0", "nud", "permanent")
    link.ip("link", "set", "dev", "vmnet0", "mtu", 1400)
    wait_for(lambda: len(link.addresses("vmnet0")) == 4, "four addresses, one of them link-local")
    wait_for(lambda: not link.ip("address", "show", "dev", "vmnet0", "tentative"), "none of them is tentative")
    before = snapshot()
true("LOWER_UP" in before["flags"] and len(before["routes"]) > 4, "the interface is configured")
equal(snapshot(), before, "what is left after close")
with proc.Child(read_for_ever) as child:
    wait_for(lambda: link.attribute("vmnet0", "if_tap/opened_by"), "the child has it open")
    equal(snapshot(), before, "what is there while open again")
    child.kill()
equal(link.attribute("vmnet0", "if_tap/opened_by"), "", "who has it open")
equal(snapshot(), before, "what is left after a kill")
