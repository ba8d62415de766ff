# SPDX-License-Identifier: BSD-2-Clause
"""
TAPGIFNAME gives the interface's name as it is now, also after it was renamed or moved, in a struct ifreq of 40
bytes to a 64-bit program and of 32 to a 32-bit one, the rest of it zero and nothing written beyond.
"""
import link
import proc
import tap
from check import equal, raises
from ioctls import compat, native


def name(call, unit, size):
    """The name; checks the rest."""
    answer = call(unit, "TAPGIFNAME", b"\xaa" * 60)
    first, rest = answer[:size], answer[size:]
    equal(rest, b"\xaa" * (60 - size), "what follows struct ifreq")
    text = first.rstrip(b"\0")
    equal(len(text) < 16, True, "whether the name ends within its array")
    return text.decode()


with tap.Tap(7) as unit, tap.Tap(path="/dev/tap") as clone:
    for number, (call, size) in enumerate(((native, 40), (compat, 32))):
        equal(name(call, unit, size), unit.name if number == 0 else "renamed0", "the name")
        equal(name(call, clone, size), "tap0", "the clone's name")
        longest = f"fifteen-chars-{number}"
        link.ip("link", "set", "dev", link.names()[-1] if number == 0 else "renamed0", "name", longest)
        equal(name(call, unit, size), longest, "the name after renaming")
        link.ip("link", "set", "dev", longest, "name", f"renamed{number}")
        equal(name(call, unit, size), f"renamed{number}", "the name after renaming again")
    away = proc.Netns()
    link.ip("link", "set", "dev", "renamed1", "name", "elsewhere", "netns", away.path())
    equal(name(native, unit, 40), "elsewhere", "the name after moving")
    # The 32-bit number from a 64-bit program is the same call.
    equal(native(unit, "0x8020745d", b"\xaa" * 40), b"elsewhere".ljust(32, b"\0") + b"\xaa" * 8, "the short struct")
    raises(25, native, unit, "0x8024745d", b"\xaa" * 60)
    away.close()
