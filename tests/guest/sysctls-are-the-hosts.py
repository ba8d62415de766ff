# SPDX-License-Identifier: BSD-2-Clause
# netns: init
"""
net.link.tap.* has user_open and up_on_open, 0 or 1, and vmnet_hold, 10 and not negative; other values are
refused. They are seen in the first network namespace only and written by root only.
"""
import errno
import os

import link
import proc
from check import equal, raises

DIRECTORY = "/proc/sys/net/link/tap"
DEFAULTS = {"user_open": "0", "up_on_open": "0", "vmnet_hold": "10"}
equal({key: link.sysctl(f"net/link/tap/{key}") for key in os.listdir(DIRECTORY)}, DEFAULTS, "the sysctls")
for key, bad in (("user_open", (2, -1)), ("up_on_open", (2, -1)), ("vmnet_hold", (-1, 2**31 - 1, 2**31))):
    for value in bad:
        raises(errno.EINVAL, link.sysctl, f"net/link/tap/{key}", value)
    for value in ("1", DEFAULTS[key]):
        link.sysctl(f"net/link/tap/{key}", value)
        equal(link.sysctl(f"net/link/tap/{key}"), value, key)
    proc.in_child(lambda k=key: raises(errno.EACCES, link.sysctl, f"net/link/tap/{k}", 0), uid=proc.USER)
equal(link.sysctl("debug/if_tap_debug"), "0", "debug.if_tap_debug")


def another():
    """In another network namespace."""
    proc.unshare(proc.CLONE_NEWNET)
    return os.path.exists(DIRECTORY)


equal(proc.in_child(another), False, "whether another namespace sees them")
