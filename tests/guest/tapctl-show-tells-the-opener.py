# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl show says who has a unit open by number and name, as seen from where it is asked: a process of a pid
namespace out of sight and one that has exited have no number. A name cannot play tricks with the terminal.
"""
import json
import os

import ctypes
import link
import proc
import tap
from check import equal
from programs import TAPCTL


def opener(name):
    """What show says in its second line, and in JSON."""
    told = json.loads(link.run(TAPCTL, "-j", "show", name))
    return link.run(TAPCTL, "show", name).splitlines()[1].strip(), told["open"], told["opener"]


def rename(name):
    """Call this process @name."""
    proc.call(proc.libc.prctl, 15, ctypes.c_char_p(name), 0, 0, 0)


def hold(ready, done, name):
    """Have tap0 open under a name."""
    rename(name)
    with tap.Tap():
        ready.open()
        done.wait()


def show_elsewhere():
    """What show says in a new pid namespace."""
    proc.unshare(proc.CLONE_NEWPID)
    return proc.in_child(opener, "tap0")


def open_and_leave():
    """Open tap0 and hand the descriptor to a child that stays when we go."""
    rename(b"gone")
    unit = tap.Tap()
    if os.fork() == 0:
        for fd in {int(fd) for fd in os.listdir("/proc/self/fd")} - {0, 1, 2, unit.fd, done.reader}:
            try:
                os.close(fd)    # the pipe that says that our parent has ended, above all
            except OSError:
                pass
        done.wait()
        os._exit(0)


for shown, name in (("netherworld", b"netherworld"), ("a?[31m?b", b"a\x1b[31m\xffb")):
    ready, done = proc.Gate(), proc.Gate()
    with proc.Child(hold, ready, done, name) as child:
        ready.wait()
        text, is_open, told = opener("tap0")
        equal(text, f"Opened by pid {child.pid} ({shown})", "the opener")
        equal(is_open, True, "the JSON being open")
        equal(told, {"pid": child.pid, "command": shown}, "the opener in JSON")
        text, is_open, told = proc.in_child(show_elsewhere)
        equal(text, f"Opened by a process of another pid namespace ({shown})", "the opener seen from elsewhere")
        equal(told, {"pid": None, "command": shown}, "the opener seen from elsewhere, in JSON")
        done.open()
        child.result()
    equal(opener("tap0"), ("Not open", False, None), "the opener when closed")

done = proc.Gate()
proc.in_child(open_and_leave)
text, is_open, told = opener("tap0")
equal(text, "Opened by a process that has exited (gone)", "the opener that is gone")
equal((is_open, told), (True, {"pid": None, "command": "gone"}), "the opener that is gone, in JSON")
done.open()
