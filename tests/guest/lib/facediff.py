# SPDX-License-Identifier: BSD-2-Clause
"""
Holds two drivers of the tun family against each other: the same calls, made to one and then to the other in the same
guest, must come to the same, or to a difference that facetable.py lists.

environment:
    IFTAP_SEED=TEXT             other sequences than those of seed 1
    IFTAP_SEQUENCE=THEME/N      this one alone, and show all of its calls; tests of other themes are skipped
    IFTAP_SEQUENCES=PERCENT     so many of them (100)
    IFTAP_FACE_A, IFTAP_FACE_B  other nodes than /dev/net/tun and /dev/net/tap; the same twice shows that what is
                                compared depends on the driver alone

One sequence alone, in a guest: IFTAP_SEQUENCE=frames/17 V=1 tests/vm/run -k 6.12 -- tests/guest/runner 'linux-face-*'
"""
import contextlib
import mmap
import os
import sys
import time

import face
import facegen
import facetable
import link
import proc
from check import Failure, skip

SEED = os.environ.get("IFTAP_SEED") or "1"
PERCENT = int(os.environ.get("IFTAP_SEQUENCES") or 100)
TUN = "/dev/net/tun"
WORKERS = 3
SHOWN = 3           # failures of a worker that are made short and shown
SHORTEN = 25        # seconds for making one short
MS_REC, MS_PRIVATE = 0x4000, 0x40000


def paths():
    """The two nodes."""
    one, other = os.environ.get("IFTAP_FACE_A") or TUN, os.environ.get("IFTAP_FACE_B") or "/dev/net/tap"
    if not os.path.exists(TUN) or not os.path.isdir("/sys/module/tun"):
        link.run("modprobe", "tun", check=False)
    for path in (one, other):
        if not os.path.exists(path):
            raise Failure(f"there is no {path}")
        os.chmod(path, 0o666)       # who may open a node is not what is compared here
    return one, other


def enter():
    """A process gets namespaces of its own, and a /sys that shows them."""
    proc.unshare(proc.CLONE_NEWNET | proc.CLONE_NEWNS)
    proc.call(proc.libc.mount, b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    proc.call(proc.libc.mount, b"sysfs", b"/sys", b"sysfs", 0, None)
    return face.Ground()


class Difference:
    """Where two logs part: the call, and of a state the interface and the field."""

    def __init__(self, at, operation, results, logs, field=None):
        self.at, self.operation, self.field = at, operation, field
        self.a, self.b = results
        self.before = [log[:at] for log in logs]

    @property
    def kind(self):
        """What must be the same for it to be the same difference in fewer calls."""
        return self.operation[0], self.field and self.field[2]


def differences(one, other):
    """Each Difference between two logs."""
    logs = (one, other)
    for at, ((operation, a), (operation_b, b)) in enumerate(zip(one, other)):
        if operation != operation_b:
            yield Difference(at, ("calls",), (operation, operation_b), logs)
            return
        if a == b:
            continue
        if not isinstance(a, dict):
            yield Difference(at, operation, (a, b), logs)
            continue
        for interface in sorted(set(a) | set(b)):
            if interface not in a or interface not in b:
                yield Difference(at, operation, (interface in a, interface in b), logs, (*interface, "exists"))
                continue
            for field in sorted(set(a[interface]) | set(b[interface])):
                values = a[interface].get(field), b[interface].get(field)
                if values[0] != values[1]:
                    yield Difference(at, operation, values, logs, (*interface, field))
    if len(one) != len(other):
        at = min(len(one), len(other))
        yield Difference(at, ("calls",), (len(one), len(other)), logs)


def flat(value):
    """The elements of tuples in tuples."""
    return [e for v in value for e in flat(v)] if isinstance(value, tuple) else [value]


class Comparison:
    """Two ways to make a face.Face, and a place to do it."""

    def __init__(self, ground, one, other, table=None, note=None):
        """@one, @other: a path, or a class and a path."""
        self.ground, self.note = ground, note
        self.faces = [(face.Face, f) if isinstance(f, str) else f for f in (one, other)]
        same = self.faces[0][1] == self.faces[1][1]
        self.table = table if table is not None else facetable.Table([]) if same else facetable.TABLE
        self.labels = ["tun", "again"] if same else [os.path.basename(path) for _, path in self.faces]

    def logs(self, scenario):
        """What both did with a list of calls, or with a function that makes them."""
        found = []
        for kind, path in self.faces:
            subject = kind(path, self.ground, self.note)
            try:
                if callable(scenario):
                    scenario(subject)
                else:
                    for operation in scenario:
                        subject.perform(operation)
            finally:
                subject.end()
            found.append(subject.log)
        return found

    def judge(self, scenario):
        """(the first difference that is not in the table, or None; the keys of those that are; the logs)"""
        logs = self.logs(scenario)
        keys = set()
        for difference in differences(*logs):
            row = self.table.find(difference)
            if row is None:
                return difference, keys, logs
            keys.add(row.key)
            if row.ends:
                break
        return None, keys, logs

    def shorten(self, calls, difference):
        """The fewest calls that still lead to this kind of difference, as far as time allows."""
        calls = list(calls[:difference.at + 1])
        end = time.monotonic() + SHORTEN
        size = max(1, len(calls) // 2)
        while True:
            at = len(calls) - 1 - size
            while at >= 0 and time.monotonic() < end:
                fewer = calls[:at] + calls[at + size:]
                found = self.judge(fewer)[0]
                if found and found.kind == difference.kind:
                    calls, difference = fewer[:found.at + 1], found
                    at = min(at, len(calls) - 1)
                at -= size
            if size == 1 or time.monotonic() >= end:
                return calls, difference
            size //= 2

    def report(self, difference, logs):
        """The calls up to a difference, and both results of the last."""
        lines = [f"    {face.operation_shown(op)} = {face.shown(result) if op[0] != 'state' else '...'}"
                 for op, result in logs[0][:difference.at]]
        lines.append(f"    {face.operation_shown(difference.operation)}" +
                     (f": of {'/'.join(difference.field[:2])} {difference.field[2]}" if difference.field else ""))
        for label, value in zip(self.labels, (difference.a, difference.b)):
            lines.append(f"        {label + ':':7}{face.shown(value)}")
        if isinstance(difference.a, tuple) and isinstance(difference.b, tuple):
            for a, b in zip(flat(difference.a), flat(difference.b)):
                if isinstance(a, bytes) and isinstance(b, bytes) and a != b:
                    at = len(os.path.commonprefix([a, b]))
                    lines.append(f"        from byte {at}: {a[at:at + 16].hex()} and {b[at:at + 16].hex()}")
        return lines

    def check(self, scenario, what):
        """Fail, with a report, if a scenario comes to a difference that is not listed; the keys of those that are."""
        difference, keys, logs = self.judge(scenario)
        if difference:
            raise Failure("\n".join([f"{what} differs:", *self.report(difference, logs)]))
        return keys


def side_by_side(comparison, logs):
    """All calls with both results."""
    for (operation, a), (_, b) in zip(*logs):
        print(f"    {face.operation_shown(operation)}")
        if a == b:
            print(f"        both:  {face.shown(a, 1000)}")
        else:
            for label, value in zip(comparison.labels, (a, b)):
                print(f"        {label + ':':7}{face.shown(value, 1000)}")


def work(number, theme, count, nodes, note):
    """One of the processes: every so many sequences. (lines to show, how many differ, how many calls)"""
    comparison = Comparison(enter(), *nodes)
    lines, differ, made = [], 0, 0
    for n in range(number, count, WORKERS):
        comparison.note = lambda path, at, _, n=n: note(f"{theme}/{n}, call {at} to {path}")
        calls = facegen.sequence(SEED, theme, n)
        made += len(calls)
        difference, _, logs = comparison.judge(calls)
        if not difference:
            continue
        differ += 1
        if differ > SHOWN:
            continue
        total, at = len(calls), difference.at
        calls, _ = comparison.shorten(calls, difference)
        again, _, short = comparison.judge(calls)
        lines.append(f"sequence {theme}/{n} differs at call {at + 1} of {total}; alone: IFTAP_SEED={SEED} "
                     f"IFTAP_SEQUENCE={theme}/{n}")
        lines += comparison.report(again, short) if again else comparison.report(difference, logs)
    return lines, differ, made


def sequences(theme, count):
    """Make @count sequences of @theme with both drivers; fail, with the first few, when any differ as not listed."""
    nodes = paths()
    alone = os.environ.get("IFTAP_SEQUENCE", "").split("/")
    if alone[0]:
        if alone[0] != theme:
            skip(f"IFTAP_SEQUENCE asks for another theme than {theme}")
        one_alone(theme, int(alone[1]), nodes)
        return
    count = count * PERCENT // 100
    place = mmap.mmap(-1, 4096 * WORKERS)
    start = time.monotonic()

    def note(number):
        return lambda text: place.__setitem__(slice(4096 * number, 4096 * number + 100), text[:100].ljust(100).encode())

    differ = made = 0
    with contextlib.ExitStack() as stack:
        children = [stack.enter_context(proc.Child(work, number, theme, count, nodes, note(number)))
                    for number in range(WORKERS)]
        for number, child in enumerate(children):
            try:
                lines, some, calls = child.result(900)
            except BaseException:
                print(f"seed {SEED}: it was at", place[4096 * number:4096 * number + 100].decode().strip())
                raise
            differ, made = differ + some, made + calls
            for line in lines:
                print(line)
    print(f"seed {SEED}: {count} sequences, {made} calls, {differ} differ, {time.monotonic() - start:.0f} s")
    if differ or not made:
        sys.exit(1)


def one_alone(theme, number, nodes):
    """One sequence, with all its calls; shortened if it differs."""
    comparison = Comparison(enter(), *nodes)
    calls = facegen.sequence(SEED, theme, number)
    difference, keys, logs = comparison.judge(calls)
    print(f"seed {SEED}, sequence {theme}/{number}:")
    side_by_side(comparison, logs)
    print("differences that are listed:", ", ".join(sorted(keys)) or "none")
    if difference:
        print("a difference that is not:")
        calls, _ = comparison.shorten(calls, difference)
        again, _, short = comparison.judge(calls)
        for line in comparison.report(again, short) if again else comparison.report(difference, logs):
            print(line)
        sys.exit(1)


def share(things):
    """Of a list, as many in a hundred as are asked for, from all of it."""
    return [thing for n, thing in enumerate(things, 1) if n * PERCENT // 100 > (n - 1) * PERCENT // 100]


def same(*scenarios):
    """
    Functions that make calls to a face.Face come to the same with both drivers. Each says what it shows in the first
    line of its documentation, or is (what it shows, function).
    """
    comparison = Comparison(enter(), *paths())
    failed = 0
    for scenario in scenarios:
        what, scenario = scenario if isinstance(scenario, tuple) else (scenario.__doc__.split("\n")[0], scenario)
        try:
            comparison.check(scenario, what)
        except Failure as e:
            failed += 1
            if failed <= 3:
                print(e)
    if failed:
        raise Failure(f"{failed} of {len(scenarios)} scenarios differ")
    print(f"{len(scenarios)} scenarios come to the same")
