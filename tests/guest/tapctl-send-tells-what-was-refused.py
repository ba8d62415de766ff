# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl send goes on after a frame that the interface does not take, tells how many and why, and exits 1. A
file that is no capture of Ethernet frames is refused.
"""
import pathlib

import frame
import link
import packet
from check import equal, true
from programs import TAPCTL

link.quiet()
link.ip("link", "add", "vmnet0", "type", "if_tap")
link.up("vmnet0")
good = frame.numbered(1), frame.numbered(2)
frame.write_pcap("mixed.pcap", good[0], bytes(13), b"", bytes(16385), bytes(20000), bytes(65536), good[1])
with packet.Capture("vmnet0") as capture:
    done = link.run(TAPCTL, "send", "vmnet0", "mixed.pcap", check=False)
    equal(capture.drain(), list(good), "the frames received")
equal((done.returncode, done.stdout), (1, "vmnet0: 2 frames sent\n"), "exit status and output")
equal(done.stderr.splitlines(), ["tapctl: vmnet0: 1 frames refused: cut off by the capture's snap length",
                                 "tapctl: vmnet0: 2 frames refused: shorter than an Ethernet header",
                                 "tapctl: vmnet0: 2 frames refused: longer than the interface takes"], "the reasons")


def refused(path):
    """What send says about a file it cannot use."""
    before = link.counters("vmnet0")
    done = link.run(TAPCTL, "send", "vmnet0", path, check=False)
    equal((done.returncode, done.stdout), (1, ""), f"exit status and output for {path}")
    equal(link.counters("vmnet0"), before, "the counters")
    true(done.stderr.startswith(f"tapctl: {path}"), f"the file is named: {done.stderr}")
    return done.stderr


frame.write_pcap("raw.pcap", bytes(40), link_type=101)
true("link type RAW" in refused("raw.pcap"), "the link type is told")
pathlib.Path("noise").write_bytes(b"not a capture at all, but long enough to be read as one")
refused("noise")
true("No such file" in refused("nowhere.pcap"), "a file that is not there is told")
frame.write_pcap("broken.pcap", *good)
whole = pathlib.Path("broken.pcap").read_bytes()
pathlib.Path("broken.pcap").write_bytes(whole[:-1])
done = link.run(TAPCTL, "send", "vmnet0", "broken.pcap", check=False)
equal((done.returncode, done.stdout), (1, "vmnet0: 1 frames sent\n"), "exit status and output for a file cut off")
true("tapctl: broken.pcap: truncated dump file" in done.stderr, f"the cut is told: {done.stderr}")
