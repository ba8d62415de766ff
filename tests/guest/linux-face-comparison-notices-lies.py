# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
The comparison behind the linux-face tests is no empty form: tun held against itself comes to the same, and held
against itself behind a face that lies a little, in an errno, a byte read, an event polled or a field of the
interface, it does not.
"""
import face
import facediff
import facegen
import facetable
from check import Failure, true


def lying(method, lie):
    """A face that tells one thing otherwise: @lie gets what it would say, and tells what it says instead."""
    class Liar(face.Face):
        """One."""
        def perform(self, operation):
            result = super().perform(operation)
            if operation[0] == method:
                self.log[-1] = (operation, lie(result))
            return result
    return Liar


def field(name, value):
    """A lie about one field of every interface."""
    return lambda state: {interface: fields | {name: value} for interface, fields in state.items()}


LIES = {
    "an errno": ("setiff", lambda r: ("EINVAL", *r[1:]) if r[0] == "EBUSY" else r),
    "an errno that should be": ("write", lambda r: 0 if r == "EIO" else r),
    "a byte read": ("read", lambda r: (r[0], r[1][:-1] + b"?", r[2]) if r[1] else r),
    "what is heard": ("hear", lambda r: r[1:]),
    "an event": ("poll", lambda r: 0 if r == "OUT|WRNORM" else r),
    "a flag": ("state", field("flags", "0x1")),
    "a statistic": ("state", field("tx_packets", 77)),
    "a feature": ("state", field("feature tx-tcp-segmentation", "on")),
    "an interface": ("state", lambda state: {}),
    "the last name": ("names", lambda r: r + ("more",)),
}

ground, path = facediff.enter(), facediff.TUN
facediff.paths()
none = facetable.Table([])
calls = [("open", 0), ("setiff", 0, "dif0", 0x1002), ("open", 1), ("setiff", 1, "dif0", 0x1002), ("write", 0, (b"x" * 60,)),
         ("up", "dif0"), ("send", "dif0", bytes(range(60))), ("read", 0, (2000,)), ("write", 0, (bytes(range(60)),)),
         ("hear",), ("poll", 0), ("state",), ("close", 0), ("names",)]
honest = facediff.Comparison(ground, path, path, none)
honest.check(calls, "tun from tun")
for what, (method, lie) in LIES.items():
    comparison = facediff.Comparison(ground, path, (lying(method, lie), path), none)
    difference, _, _ = comparison.judge(calls)
    true(difference, f"a lie about {what} is noticed")
    true(difference.operation[0] == method, f"a lie about {what} is found in {method}, not {difference.operation}")

# And in sequences that are made up, of which the shortest that shows it is found.
comparison = facediff.Comparison(ground, path, (lying(*LIES["an errno"]), path), none)
found = 0
for n in range(200):
    calls = facegen.sequence("lies", "attach", n)
    difference, _, _ = comparison.judge(calls)
    if difference:
        fewer, again = comparison.shorten(calls, difference)
        true(len(fewer) <= 6, f"{len(calls)} calls are made few: {fewer}")
        true((again.a[0], again.b[0]) == ("EBUSY", "EINVAL"), f"the difference is the lie: {again.a}, {again.b}")
        found += 1
        if found == 2:
            break
true(found, "a lie in 200 sequences is noticed")
try:
    comparison.check(fewer, "what is told")
except Failure as e:
    true("EBUSY" in str(e) and "EINVAL" in str(e), "the report has both results")
else:
    raise Failure("the comparison says that lies are the truth")
