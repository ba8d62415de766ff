# SPDX-License-Identifier: BSD-2-Clause
"""
Minor numbers that are no unit give ENXIO and create nothing: a vmnet beyond 255, and any bit that has no
meaning. A user without privilege is told the same.
"""
import errno
import os

import link
import proc
import tap
from check import equal, raises

os.chmod(".", 0o755)
MINORS = [0x10100, 0x10101, 0x1ffff, 0x11000, 0x20000, 0x20001, 0x30000, 0x40000, 0x80000, 0xf0000, 0xffffe, 0xeffff]
nodes = [tap.make_node(minor, mode=0o666) for minor in MINORS]


def attempt():
    """Open each."""
    for path in nodes:
        raises(errno.ENXIO, os.open, path, os.O_RDWR)


attempt()
proc.in_child(attempt, uid=proc.USER)
equal(link.names(), [], "the interfaces")
