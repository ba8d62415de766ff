# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl send names the program that has the unit open and leaves it undisturbed. It does not open a tap that is
down, one without a number, nor another unit that has its number here.
"""
import os
import pathlib

import frame
import link
import proc
import tap
from check import equal, true
from programs import TAPCTL


def refused(name):
    """What send says when it does not begin."""
    done = link.run(TAPCTL, "send", name, "frames.pcap", check=False)
    equal((done.returncode, done.stdout), (1, ""), f"exit status and output of send {name}")
    true(done.stderr.startswith(f"tapctl: {name}"), f"the interface is named: {done.stderr}")
    return done.stderr


link.quiet()
frame.write_pcap("frames.pcap", frame.numbered(1))
with tap.Tap() as unit:
    link.up("tap0", "10.0.0.1/24")
    command = pathlib.Path("/proc/self/comm").read_text().strip()
    true(f"open by pid {os.getpid()} ({command}), and only one can have it" in refused("tap0"), "the opener is told")
    true(link.is_up("tap0"), "the interface is up still")
    equal(link.addresses("tap0", "inet"), ["10.0.0.1/24"], "its addresses")
true("is down" in refused("tap0"), "that it is down is told")
equal(link.counters("tap0")["rx_down"], 0, "the frames dropped")

link.ip("link", "add", "cable", "up", "type", "if_tap")
true("has no number" in refused("cable"), "that it has no number is told")
link.ip("link", "add", "tap61", "up", "type", "if_tap")
true(f"`mknod -m 600 /dev/tap61 c {tap.major()} 61`" in refused("tap61"), "that it has no node is told")

here = proc.Netns(os.open("/proc/self/ns/net", os.O_RDONLY))
with proc.Netns():
    link.ip("link", "add", "tap1", "type", "if_tap")
    link.ip("link", "set", "dev", "tap1", "name", "guest")
    link.ip("link", "set", "dev", "guest", "netns", here.path())
link.ip("link", "set", "dev", "guest", "up")
before = link.names()
true("another unit" in refused("guest"), "that the node is another unit's is told")
equal(link.names(), before, "the interfaces after that")
