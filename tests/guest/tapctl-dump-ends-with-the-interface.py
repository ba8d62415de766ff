# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl dump goes on when the interface goes down and up again; when it goes away it says so and exits 1. It
does not begin on one that is down, and explains an unusable filter and file.
"""
import subprocess

import frame
import link
import packet
import proc
from check import equal, true, wait_for
from programs import TAPCTL


def dump(*words):
    """A dump under way."""
    child = subprocess.Popen([TAPCTL, "dump", *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: proc.sleeps_in(child.pid, "ppoll", child.pid), "dump waits for frames")
    return child


def refused(*words):
    """Fail unless dump ends with 1 at once; what it says."""
    done = link.run(TAPCTL, "dump", *words, check=False)
    equal((done.returncode, done.stdout), (1, ""), f"exit status and output of dump {words}")
    return done.stderr


link.quiet()
link.ip("link", "add", "vmnet0", "type", "if_tap")
true("is down" in refused("vmnet0") and "`ip link set vmnet0 up`" in refused("vmnet0"), "that it is down is told")
link.up("vmnet0")
true(refused("vmnet0", "udp", "port").startswith("tapctl: filter (udp port): "), "a wrong filter is told")
true(refused("vmnet0", "-w", "no/where").startswith("tapctl: -w (no/where): "), "a file out of reach is told")

child = dump("vmnet0")
link.down("vmnet0")
link.up("vmnet0")
packet.send("vmnet0", frame.numbered(1, 77))
true(child.stdout.readline().endswith("length 77\n"), "a frame is seen after down and up")
link.ip("link", "del", "vmnet0")
out, err = child.communicate(timeout=20)
equal(child.returncode, 1, "the exit status")
true(err.startswith("tapctl: vmnet0: the capture ends: ") and "1 frames captured" in err, f"the end is told: {err}")
