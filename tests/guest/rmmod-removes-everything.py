# SPDX-License-Identifier: BSD-2-Clause
"""
After rmmod no interface is left in any namespace, whether made by open or by ip(8), up, with addresses, frames
held or moved away from home; no node, sysctl, slab cache or major number either. Loading again gives all anew.
"""
import glob
import os

import frame
import link
import module
import packet
import proc
import tap
from check import equal, true, wait_for

namespaces = [proc.Netns() for _ in range(3)]
try:
    for number, namespace in enumerate(namespaces):
        with namespace:
            link.quiet()
            with tap.Tap(), tap.Tap(kind="vmnet"):
                link.up("vmnet0", "10.1.0.1/24")
                packet.send("vmnet0", frame.numbered(number))
            link.ip("link", "add", "tap7", "type", "if_tap")
            link.ip("link", "add", "other", "type", "if_tap")
            link.ip("link", "set", "tap7", "name", f"moved{number}",
                    "netns", namespaces[number - 1].path())
            link.run("tc", "qdisc", "add", "dev", "vmnet0", "clsact")
    with namespaces[0]:
        equal(link.names(), ["moved1", "other", "tap0", "vmnet0"], "the interfaces before rmmod")
    link.ip("link", "add", "tap3", "type", "if_tap")

    module.unload()
    equal(link.names(), [], "the interfaces in the test's namespace")
    for namespace in namespaces:
        with namespace:
            equal(link.names(), [], "the interfaces in another namespace")
    equal(glob.glob("/dev/tap*") + glob.glob("/dev/vmnet*"), [], "the nodes")
    equal([line for line in open("/proc/devices", encoding="ascii") if "if_tap" in line], [], "the major numbers")
    for path in ("/sys/class/if_tap", "/sys/module/if_tap", "/proc/sys/debug/if_tap_debug",
                 "/proc/sys/net/link/tap/user_open", "/sys/kernel/slab/if_tap_unit"):
        true(not os.path.exists(path), f"{path} is gone")
    link.ip_fails("link", "add", "tap0", "type", "if_tap")

    module.load()
    wait_for(lambda: os.path.exists("/dev/tap0"), "/dev/tap0 is there again")
    with tap.Tap() as unit:
        equal(link.names(), ["tap0"], "the interfaces after loading again")
        link.up("tap0")
        packet.send("tap0", frame.numbered(1))
        true(frame.numbered(1) in unit.drain(), "the frame sent is read")
finally:
    if not module.loaded():
        module.load()
