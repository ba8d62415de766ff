# SPDX-License-Identifier: BSD-2-Clause
# netns: init
"""
With debug.if_tap_debug=0 units come and go without a word in the kernel's log; with 1 their creation, opening,
closing and destruction are told, with the interface's name; thousands of them make only as many lines as the
kernel's rate limit for networking lets through.
"""
import os

import link
import proc
import tap
from check import equal, true

log = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)


def lines():
    """What the module has said since asked last."""
    found = []
    while True:
        try:
            record = os.read(log, 8192).decode(errors="replace")
        except BlockingIOError:
            return found
        except BrokenPipeError:
            continue
        text = record.split(";", 1)[1].splitlines()[0]
        if text.startswith("if_tap: ") and "test:" not in text:
            found.append(text)


def cycle(times=1):
    """All that is told of."""
    for _ in range(times):
        with tap.Tap(path="/dev/tap"):
            pass


os.lseek(log, 0, os.SEEK_END)
with proc.Netns():
    cycle()
    equal(lines(), [], "what is said with level 0")
with link.Sysctl("debug/if_tap_debug", 1), link.Sysctl("net/core/message_burst", 10), proc.Netns():
    cycle()
    said = lines()
    for word in ("created", "opened", "closed", "destroyed"):
        true(any(line.startswith(f"if_tap: tap0: {word}") for line in said), f"{word} is told of tap0: {said}")
    cycle(200)
    said = lines()
    true(len(said) < 200, f"{len(said)} lines are fewer than the openings")
with proc.Netns():
    cycle()
    equal(lines(), [], "what is said with level 0 again")
equal(link.sysctl("debug/if_tap_debug"), "0", "the level at the end")
os.close(log)
