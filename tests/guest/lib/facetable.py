# SPDX-License-Identifier: BSD-2-Clause
"""
Every difference between /dev/net/tun and /dev/net/tap that is meant, in one place. doc/clients.md lists the same
keys for its readers (tests/unit/face-differences holds the two together), and a difference of this table that no
longer occurs fails linux-face-differs-only-as-listed: its row goes then.
"""
import platform


def kernel():
    """(6, 12)"""
    return tuple(int(n) for n in platform.release().split(".")[:2])


class Row:
    """One difference."""

    def __init__(self, key, reason, matches, calls, before=None, ends=False):
        """
        @matches: a function of a facediff.Difference; @calls: a sequence that shows it; @before: the first kernel that
        has it no more; @ends: what follows in a sequence cannot be compared.
        """
        self.key, self.reason, self.matches, self.calls, self.before, self.ends = key, reason, matches, calls, before, ends

    def applies(self):
        """On this kernel?"""
        return self.before is None or kernel() < self.before

    def kernels(self):
        """As doc/clients.md has it."""
        return "all" if self.before is None else "before " + ".".join(map(str, self.before))


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
    return lambda d: d.field is not None and d.field[2] == name and a in (None, d.a) and b in (None, d.b)


TAP, TUN, NO_PI, VNET_HDR, MULTI_QUEUE, NAPI = 2, 1, 0x1000, 0x4000, 0x100, 0x10
MADE = [("open", 0), ("setiff", 0, "dif0", TAP | NO_PI), ("up", "dif0"), ("state",)]

TABLE = Table([
    Row("driver-name", "Programs that look for it shall find out with whom they deal.",
        field("driver", "tun", "if_tap"), MADE),
    Row("link-kind", "The kind tun belongs to the kernel's driver, which may be loaded too.",
        field("kind", "tun", "if_tap"), MADE),
])
