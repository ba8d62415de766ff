# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl monitor prints a line for each interval, with frames and bits per second each way and the losses by
cause, and ends after as many as it is told. SIGINT ends it too, with exit status 0.
"""
import errno
import re
import signal
import subprocess

import frame
import link
import packet
import proc
import tap
from check import equal, raises, true, wait_for
from programs import TAPCTL

FORM = re.compile(r"\d\d:\d\d:\d\d tap0 in (\d+) frames/s (\d+) bit/s out (\d+) frames/s (\d+) bit/s(.*)\n")

link.quiet()
with tap.Tap() as unit, packet.Outlet("tap0") as outlet:
    link.up("tap0")
    with subprocess.Popen([TAPCTL, "monitor", "tap0", "interval", "0.3"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as child:
        wait_for(lambda: proc.sleeps_in(child.pid, "ppoll", child.pid), "monitor waits for the interval's end")
        for n in range(50):
            outlet.send(frame.numbered(n, 125))
            unit.receive()
            unit.write(frame.numbered(n, 250))
        raises(errno.EINVAL, unit.write, bytes(13))
        seen = {"in": 0, "out": 0}
        losses = ""
        while not losses:
            text = child.stdout.readline()
            line = FORM.fullmatch(text)
            true(line, f"a line is of the form in the manual: {text}")
            # A frame is of 250 bytes one way and 125 the other, whatever time it took.
            for way, frames, bits, size in (("in", line[1], line[2], 250), ("out", line[3], line[4], 125)):
                true(abs(int(bits) - int(frames) * size * 8) <= size * 4 + 1, f"the rates {way} agree in {text}")
                seen[way] += int(frames)
            losses = line[5]
        true(seen["in"] and seen["out"], f"frames are seen both ways: {seen}")
        true(re.fullmatch(r" rx_short \d+\.\d/s", losses), f"the loss and its cause: {losses}")
        child.send_signal(signal.SIGINT)
        _, err = child.communicate(timeout=20)
        equal((err, child.returncode), ("", 0), "how SIGINT ends it")

    text = link.run(TAPCTL, "monitor", "tap0", "interval", "0.05", "count", "3")
    equal(len(text.splitlines()), 3, "the number of lines with count 3")
