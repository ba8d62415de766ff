# SPDX-License-Identifier: BSD-2-Clause
"""
Root of a container with a limit on memory makes units in his own network namespace until there is no more: what
they take is charged to his control group, the limit ends it, the host still makes units of its own, and all of it
comes back when the container ends.
"""
# timeout: 120
import os
import pathlib

import netlink
import proc
import tap
from check import equal, true, wait_for

LIMIT = 24 << 20
MANY = 2000
group = pathlib.Path("/sys/fs/cgroup/if_tap-test")


def memory():
    """What is charged to the container."""
    return int((group / "memory.current").read_text())


def container():
    """Root of his own namespaces makes units until he is refused, or killed for want of memory."""
    (group / "cgroup.procs").write_text(str(os.getpid()))
    proc.become_container_root()
    before = memory()
    for n in range(MANY):
        try:
            netlink.add(f"tap{n}")
        except OSError:
            return n, memory() - before
        if n == 99:
            true(memory() - before > 100 * 4096, f"100 units are charged: {memory() - before} bytes")
    return MANY, memory() - before


pathlib.Path("/sys/fs/cgroup/cgroup.subtree_control").write_text("+memory")
group.mkdir()
try:
    (group / "memory.max").write_text(str(LIMIT))
    with proc.Child(container) as child:
        child.wait()
    events = dict(line.split() for line in (group / "memory.events").read_text().splitlines())
    true(int(events["max"]) > 0, f"the container has met its limit: {events}")
    with tap.Tap() as unit:
        equal(unit.ifname(), "tap0", "the host's own unit")
    wait_for(lambda: memory() < LIMIT // 4, f"what the container had is given back, {memory()} bytes", 60)
finally:
    group.rmdir()
