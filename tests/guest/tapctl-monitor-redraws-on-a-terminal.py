# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl monitor draws in place on a terminal that can, and prints plain lines on one that cannot.
"""
import os
import pty
import subprocess

import link
from check import equal, true
from programs import TAPCTL


def shown(term):
    """What monitor sends to a terminal of type @term."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([TAPCTL, "monitor", "vmnet0", "interval", "0.05", "count", "3"], stdout=theirs,
                          env={"TERM": term}) as child:
        os.close(theirs)
        text = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:
                break
            if not part:
                break
            text += part
        equal(child.wait(20), 0, "the exit status")
    os.close(ours)
    return text.decode()


link.ip("link", "add", "vmnet0", "type", "if_tap")
text = shown("linux")
equal(text.count("\x1b[4A\x1b[J"), 2, "how often it goes up again and clears")
equal(text.count("vmnet0, over"), 3, "how often it draws")
text = shown("dumb")
true("\x1b" not in text, "there are no escape sequences")
equal(len(text.splitlines()), 3, "the number of lines")
