# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl dump prints a line for each frame that passes, in the order they pass: time, direction, addresses,
protocol, length. SIGINT ends it, with the counts on standard error and exit status 0.
"""
import re
import signal
import subprocess

import frame
import link
import packet
import proc
import tap
from check import equal, true, wait_for
from programs import TAPCTL


def dump(*words):
    """A dump under way."""
    child = subprocess.Popen([TAPCTL, "dump", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: proc.sleeps_in(child.pid, "ppoll", child.pid), "dump waits for frames")
    return child


link.quiet()
with tap.Tap() as unit, packet.Outlet("tap0") as outlet:
    link.up("tap0")
    child = dump("tap0")
    for n in range(20):
        outlet.send(frame.numbered(n, 100 + n))
        unit.write(frame.ethernet(bytes(200 + n), protocol=frame.IPV6))
    outlet.send(frame.ethernet(bytes(50), protocol=frame.ARP))
    lines = [child.stdout.readline() for _ in range(41)]
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=20)
    equal((out, err, child.returncode), ("", "41 frames captured, 0 missed for want of room\n", 0), "how it ends")

peer = "02:00:5e:10:00:01 > ff:ff:ff:ff:ff:ff"
words = []
for line in lines:
    true(re.match(r"\d\d:\d\d:\d\d\.\d{6} ", line), f"a line begins with the time: {line}")
    words.append(" ".join(line.split()[1:]))
expected = []
for n in range(20):
    expected += [f"out {peer} - 0x88b5 length {100 + n}", f"in {peer} IPv6 0x86dd length {214 + n}"]
equal(words, [*expected, f"out {peer} ARP 0x0806 length 64"], "the lines")
