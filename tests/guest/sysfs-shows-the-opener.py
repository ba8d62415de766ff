# SPDX-License-Identifier: BSD-2-Clause
"""
/sys/class/net/NAME/if_tap/opened_by is "pid command" while the unit is open: the process number in the pid
namespace of who reads, 0 where it has none, the command's name as it was at open. It is empty when the unit is
closed, and when the opener has exited and its descriptor lives on elsewhere. Everybody may read it.
"""
import ctypes
import errno
import os
import socket

import link
import proc
import tap
from check import equal, raises, wait_for

PR_SET_NAME = 15


def opened_by():
    """As this process sees it."""
    return link.attribute("tap0", "if_tap/opened_by")


def rename_self(name):
    """Change the command's name."""
    proc.call(proc.libc.prctl, PR_SET_NAME, ctypes.c_char_p(name.encode()), 0, 0, 0)


def in_pid_namespace(function):
    """Call it as process 1 of a new pid namespace."""
    proc.unshare(proc.CLONE_NEWPID)
    return proc.in_child(function)


def open_and_look():
    """In a pid namespace of its own."""
    with tap.Tap():
        return os.getpid(), opened_by()


rename_self("a (odd) name")
unit = tap.Tap()
expected = f"{os.getpid()} a (odd) name"
rename_self("another")
equal(opened_by(), expected, "who has it open")
equal(proc.in_child(opened_by, uid=proc.USER), expected, "who has it open, as a user sees it")
equal(proc.in_child(in_pid_namespace, opened_by), "0 a (odd) name", "who has it open, as a container sees it")
unit.close()
equal(opened_by(), "", "who has it open after close")
equal(proc.in_child(in_pid_namespace, open_and_look), (1, "1 another"), "a container's opener, as it sees itself")


def opens_and_waits(gate):
    """In a pid namespace."""
    with tap.Tap():
        gate.wait()


def nested(gate):
    """Its number is another outside."""
    proc.unshare(proc.CLONE_NEWPID)
    with proc.Child(opens_and_waits, gate) as child:
        os.write(writer, str(child.pid).encode())   # in the outer namespace, of which we still are
        child.result()


gate = proc.Gate()
reader, writer = os.pipe()
with proc.Child(nested, gate) as child:
    pid = int(os.read(reader, 20))
    wait_for(opened_by, "a container has it open")
    equal(opened_by(), f"{pid} another", "a container's opener, as the host sees it")
    gate.open()
    child.result()

# A child opens, hands its descriptor to us, and exits.
ours, theirs = socket.socketpair()


def hand_over():
    """Open, give away, exit."""
    socket.send_fds(theirs, [b"x"], [tap.Tap().fd])


with proc.Child(hand_over) as child:
    _, fds, _, _ = socket.recv_fds(ours, 1, 1)
    child.result()
    equal(opened_by(), "", "who has it open once the opener has exited")
    raises(errno.EBUSY, tap.Tap)
    os.close(fds[0])
