# SPDX-License-Identifier: BSD-2-Clause
"""
A signal that is caught ends a sleeping read with EINTR, or has it restarted when the handler was installed
with SA_RESTART, as does SIGSTOP with SIGCONT; no frame is lost by any of them.
"""
import ctypes
import errno
import os
import signal

import frame
import link
import packet
import proc
import tap
from check import equal, wait_for

link.quiet()
unit = tap.Tap()
link.up("tap0")


def no_signal_pending(pid):
    """Has it taken all its signals?"""
    with open(f"/proc/{pid}/status", encoding="utf-8") as f:
        words = dict(line.split(":", 1) for line in f)
    return int(words["SigPnd"], 16) == 0 and int(words["ShdPnd"], 16) == 0


def reader(restart):
    """Read once; what came of it and how many signals were caught."""
    caught = []
    signal.signal(signal.SIGUSR1, lambda *_: caught.append(1))
    signal.siginterrupt(signal.SIGUSR1, not restart)
    buffer = ctypes.create_string_buffer(100)
    try:
        result = proc.raw_read(unit.fd, ctypes.addressof(buffer), 100)
    except OSError as e:
        result = -e.errno
    return result, buffer.raw[:64], len(caught)


def asleep(child):
    """Wait for it to be."""
    wait_for(lambda: proc.sleeps_in(child.pid, "read", child.pid), "the reader sleeps")


with proc.Child(reader, False) as child:
    asleep(child)
    os.kill(child.pid, signal.SIGUSR1)
    equal(child.result(), (-errno.EINTR, bytes(64), 1), "a read that is interrupted")
for number in (signal.SIGUSR1, signal.SIGSTOP):
    with proc.Child(reader, True) as child:
        asleep(child)
        os.kill(child.pid, number)
        if number == signal.SIGSTOP:
            os.waitpid(child.pid, os.WUNTRACED)
            packet.send("tap0", frame.numbered(1))
            os.kill(child.pid, signal.SIGCONT)
        else:
            wait_for(lambda: no_signal_pending(child.pid), "the signal is taken")
            asleep(child)
            packet.send("tap0", frame.numbered(1))
        equal(child.result(), (64, frame.numbered(1), int(number == signal.SIGUSR1)), "a read that is restarted")
packet.send("tap0", frame.numbered(2))
equal(unit.drain(), [frame.numbered(2)], "the frames left")
unit.close()
