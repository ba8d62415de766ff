# SPDX-License-Identifier: BSD-2-Clause
"""
Every difference between /dev/net/tun and /dev/net/tap that is meant, in one place. doc/clients.md lists the same
keys (tests/unit/face-differences holds the two together), and a difference of this table that no longer occurs fails
a test: its row goes then.
"""
import platform
import struct

import tunabi


def kernel():
    """(6, 12)"""
    return tuple(int(n) for n in platform.release().split(".")[:2])


class Row:
    """One difference."""

    def __init__(self, key, matches, calls, before=None, ends=False):
        """
        @matches: a function of a facediff.Difference; @calls: a sequence that shows it; @before: the first kernel that
        has it no more; @ends: what follows in the sequence cannot be compared.
        """
        self.key, self.matches, self.calls, self.before, self.ends = key, matches, calls, before, ends

    def applies(self):
        """On this kernel?"""
        return self.before is None or kernel() < self.before


class Table:
    """Rows, of which the first that matches counts."""

    def __init__(self, rows):
        self.rows = rows

    def find(self, difference):
        """The row of a facediff.Difference, or None."""
        for row in self.rows:
            if row.applies() and row.matches(difference):
                return row
        return None


def field(name, a=None, b=None):
    """Matches a field of an interface's state, with these values if any are given."""
    return lambda d: (d.field is not None and d.field[2] == name and (a is None or d.a == a) and (b is None or d.b == b))


def ethtool(*commands):
    """Matches ethtool ioctls that if_tap does not have."""
    return lambda d: (d.operation[0] == "ethtool" and d.b == "ENOTSUP" and
                      int.from_bytes(d.operation[2][:4], "little") in commands)


TAP, TUN, NO_PI, VNET_HDR, MULTI_QUEUE, NAPI = 2, 1, 0x1000, 0x4000, 0x100, 0x10
NAPI_FRAGS = 0x20
ETHTOOL_GMSGLVL, ETHTOOL_SMSGLVL = 7, 8
REFUSED = "EINVAL", "EPERM"
MADE = [("open", 0), ("setiff", 0, "dif0", TAP | NO_PI), ("up", "dif0"), ("state",)]

TABLE = Table([
    Row("driver-name", field("driver", "tun", "if_tap"), MADE),
    Row("ethtool-msglvl", ethtool(ETHTOOL_GMSGLVL, ETHTOOL_SMSGLVL),
        [*MADE, ("ethtool", "dif0", struct.pack("II", ETHTOOL_SMSGLVL, 1))]),
    Row("ethtool-coalesce", field("coalesce", None, "ENOTSUP"), MADE),
    Row("napi-frags", lambda d: d.operation[0] == "setiff" and d.operation[3] & NAPI_FRAGS and d.b[0] in REFUSED,
        [("open", 0), ("setiff", 0, "dif0", TAP | NO_PI | NAPI | NAPI_FRAGS)], ends=True),
    Row("napi-frags-feature", lambda d: d.operation[0] == "integer" and
        d.operation[2] == tunabi.TUNGETFEATURES and d.a[1] ^ d.b[1] == NAPI_FRAGS,
        [("open", 0), ("integer", 0, "TUNGETFEATURES", 0, "memory")]),
    Row("link-kind", field("kind", "tun", "if_tap"), MADE),
])
