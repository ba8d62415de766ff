# SPDX-License-Identifier: BSD-2-Clause
"""
To open a unit, CAP_NET_ADMIN is needed over the namespace its interface is in now. A container's root may not
take his own unit once its interface was moved to the host; and somebody with power over a container only may
take a host's unit while its interface is in that container, not before and not after.
"""
import errno
import os

import link
import proc
import tap
from check import equal


def serve(orders, answers, start):
    """Run start(), then try to open /dev/tap0 each time a byte comes, and answer with the errno."""
    start()
    os.write(answers, b"\xff")
    while os.read(orders, 1):
        try:
            tap.Tap().close()
            os.write(answers, b"\0")
        except OSError as e:
            os.write(answers, bytes([e.errno]))


class Opener:
    """A process that opens when asked."""

    def __init__(self, start):
        orders, self.orders = os.pipe()
        self.answers, answers = os.pipe()
        self.child = proc.Child(serve, orders, answers, start)
        os.read(self.answers, 1)

    def attempt(self):
        """The errno of an open, 0 for success."""
        os.write(self.orders, b"x")
        return os.read(self.answers, 1)[0]


def user_namespace_only():
    """Root of a user namespace, still in the network namespace of the test."""
    proc.unshare(proc.CLONE_NEWUSER)
    with open("/proc/self/uid_map", "w", encoding="ascii") as f:
        f.write("0 0 1")


home = proc.Netns(os.open("/proc/self/ns/net", os.O_RDONLY))

# A container with a unit of its own.
container = Opener(proc.become_container_root)
equal(container.attempt(), 0, "a container's root opens his unit")
inside = proc.Netns(os.open(f"/proc/{container.child.pid}/ns/net", os.O_RDONLY))
with inside:
    equal(link.names(), ["tap0"], "the container's interfaces")
    link.ip("link", "set", "dev", "tap0", "netns", home.path())
equal(container.attempt(), errno.EPERM, "he opens it with the interface at the host's")
equal(link.names(), ["tap0"], "the host's interfaces")
link.ip("link", "set", "dev", "tap0", "netns", inside.path())
equal(container.attempt(), 0, "he opens it with the interface back")

# A process with power over a container's network, not over the namespace it is in itself.
tap.Tap().close()
halfway = Opener(user_namespace_only)


def enter_network():
    """Make a network namespace that belongs to the user namespace of the process above."""
    fd = os.open(f"/proc/{halfway.child.pid}/ns/user", os.O_RDONLY)
    proc.setns(fd)
    proc.unshare(proc.CLONE_NEWNET)


network = Opener(enter_network)
owned = proc.Netns(os.open(f"/proc/{network.child.pid}/ns/net", os.O_RDONLY))
equal(halfway.attempt(), errno.EPERM, "he opens the host's unit")
link.ip("link", "set", "dev", "tap0", "netns", owned.path())
equal(halfway.attempt(), 0, "he opens it with the interface in his namespace")
with owned:
    link.ip("link", "set", "dev", "tap0", "netns", home.path())
equal(halfway.attempt(), errno.EPERM, "he opens it with the interface back")
for opener in (container, halfway, network):
    opener.child.kill()
