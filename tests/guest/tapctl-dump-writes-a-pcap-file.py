# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl dump -w writes what passes to a file or standard output that tcpdump(8) reads; a filter chooses frames
and -c ends it after as many.
"""
import pathlib
import re
import subprocess

import frame
import link
import packet
import proc
import tap
from check import equal, wait_for
from programs import TAPCTL


def dump(*words):
    """A dump under way."""
    child = subprocess.Popen([TAPCTL, "dump", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=False)
    wait_for(lambda: proc.sleeps_in(child.pid, "ppoll", child.pid), "dump waits for frames")
    return child


def read_back(path):
    """The lengths tcpdump(8) finds in a file."""
    text = link.run("tcpdump", "-nn", "-e", "-r", path)
    return [int(length) for length in re.findall(r"length (\d+):", text)]


link.quiet()
with tap.Tap() as unit, packet.Outlet("tap0") as outlet:
    link.up("tap0")

    child = dump("tap0", "-w", "all.pcap", "-c", 4)
    for n in range(2):
        outlet.send(frame.numbered(n, 60 + n))
        unit.write(frame.numbered(n, 16000 + n) if n else frame.numbered(n, 70))
    outlet.send(frame.numbered(2))
    out, err = child.communicate(timeout=20)
    equal((out, err, child.returncode), (b"", b"4 frames captured, 0 missed for want of room\n", 0), "how it ends")
    equal(read_back("all.pcap"), [60, 70, 61, 16001], "the frames in the file")

    child = dump("tap0", "-c", 1, "-w", "-", "ether proto", "0x0800 or", "arp")
    outlet.send(frame.numbered(5))
    unit.write(frame.numbered(6))
    unit.write(frame.ethernet(bytes(86), protocol=frame.ARP))
    out, err = child.communicate(timeout=20)
    equal(child.returncode, 0, "the exit status")
    pathlib.Path("filtered.pcap").write_bytes(out)
    equal(read_back("filtered.pcap"), [100], "the frames chosen")
