# SPDX-License-Identifier: BSD-2-Clause
"""
Many threads, then many processes, open a unit that does not exist at the same moment, round after round: each
time one of them gets it, all others get EBUSY, and there is one interface more.
"""
import errno
import os
import threading

import link
import proc
import tap
from check import equal


def attempt(path):
    """A descriptor, or the errno."""
    try:
        return os.open(path, os.O_RDWR | os.O_CLOEXEC), 0
    except OSError as e:
        return -1, e.errno


def judge(errors, what):
    """One winner, the rest busy."""
    equal(sorted(errors), [0] + [errno.EBUSY] * (len(errors) - 1), f"errors of {what}")


THREADS, ROUNDS = 8, 100
nodes = [tap.node("tap", n) for n in range(ROUNDS)]
barrier = threading.Barrier(THREADS, timeout=30)
results = [[] for _ in range(ROUNDS)]


def race():
    """One thread."""
    for i, path in enumerate(nodes):
        barrier.wait()
        results[i].append(attempt(path))


for thread in [proc.Thread(race) for _ in range(THREADS)]:
    thread.result()
for i, result in enumerate(results):
    judge([error for _, error in result], f"threads in round {i}")
    os.close(max(fd for fd, _ in result))
equal(link.names(), sorted(f"tap{n}" for n in range(ROUNDS)), "the list of interfaces")

PROCESSES, ROUNDS = 6, 20


def contend(ready, start, tried, path):
    """One process; holds what it got until all have tried."""
    os.write(ready, b"x")
    start.wait()
    error = attempt(path)[1]
    os.write(ready, b"x")
    tried.wait()
    return error


for n in range(ROUNDS):
    reader, writer = os.pipe()
    start, tried = proc.Gate(), proc.Gate()
    children = [proc.Child(contend, writer, start, tried, tap.node("vmnet", n)) for _ in range(PROCESSES)]
    for gate in (start, tried):
        for _ in children:
            os.read(reader, 1)
        gate.open()
    judge([child.result() for child in children], f"processes in round {n}")
    for child in children:
        os.close(child.pipe)
    for gate in (start, tried):
        gate.close()
    os.close(reader)
    os.close(writer)
equal(len([n for n in link.names() if n.startswith("vmnet")]), ROUNDS, "the number of vmnets")
