# SPDX-License-Identifier: BSD-2-Clause
"""From what was measured to rows that can be compared, and from rows to what became of the targets."""

COUNT, CLOCK = "instructions", "clock"


def driver_of(case):
    return case["port"] + ("+header" if case.get("headers") else "")


def base_row(kernel, method, case):
    row = {"kernel": kernel, "method": method, "driver": driver_of(case), "size": case.get("size"),
           "batch": case.get("batch")}
    if case.get("gso"):
        row["gso"] = 1
    return row


def add(rows, base, path, figure, unit, less=0.0):
    rows.append(base | {"path": path, "value": round(figure["value"] - less, 4), "unit": unit,
                        "spread": figure["spread"]})


def count_rows(kernel, results, unit_frame, unit_byte):
    """Rows of the alternating jobs. What is outbound is told without its sender, which dummy shows."""
    rows = []
    senders = {(c["case"].get("size"), c["case"].get("batch")): c["figures"]["send"]
               for c in results.values() if c["case"]["port"] == "dummy" and c["figures"]}
    for result in results.values():
        case, figures = result["case"], result["figures"]
        if not figures:
            continue
        base = base_row(kernel, COUNT, case)
        if case["job"] == "floor":
            add(rows, base, "floor", figures["ns"], unit_frame)
        elif case["job"] == "out" and case["port"] == "dummy":
            add(rows, base, "sender", figures["send"], unit_frame)
        elif case["job"] == "out":
            both = {"value": figures["send"]["value"] + figures["receive"]["value"],
                    "spread": max(figures["send"]["spread"], figures["receive"]["spread"])}
            sender = senders.get((case["size"], case["batch"]))
            if sender:
                add(rows, base, "outbound", both, unit_frame, sender["value"])
                rows[-1]["floor"] = round(both["value"] / sender["value"], 3)
            add(rows, base, "outbound send", figures["send"], unit_frame)
            add(rows, base, "outbound receive", figures["receive"], unit_frame)
            add(rows, base, "outbound calls", figures["calls"], "system calls/frame")
        elif case["job"] == "in":
            add(rows, base, "inbound", figures["send"], unit_frame)
            add(rows, base, "inbound calls", figures["calls"], "system calls/frame")
        elif case["job"] in ("tcp-in", "tcp-out"):
            way = "TCP inbound" if case["job"] == "tcp-in" else "TCP outbound"
            for name, figure in figures.items():
                if name in ("ack-frames", "frames"):
                    add(rows, base, f"{way} {name}", figure, "frames/segment")
                else:
                    add(rows, base, way if name == "total" else f"{way} {name}", figure, unit_byte)
        elif case["job"] == "scale":
            for name, figure in figures.items():
                name, _, units = name.partition("@")
                if "queues" in case:
                    add(rows, base | {"queues": case["queues"], "batch": None}, f"queues {name}", figure,
                        "bytes/unit" if name == "memory" else unit_frame)
                    continue
                add(rows, base | {"units": int(units), "batch": None}, f"scale {name}", figure,
                    "bytes/unit" if name == "memory" else unit_frame)
    return rows


def clock_rows(kernel, results):
    rows = []
    for result in results.values():
        case, figures = result["case"], result["figures"]
        if not figures or not case["job"].startswith("flood"):
            continue
        base = base_row(kernel, CLOCK, case)
        way = "outbound" if case["job"] == "flood-out" else "inbound"
        add(rows, base, way, figures["ns"], "ns/frame")
        for name, unit in (("calls", "system calls/frame"), ("sleeps", "sleeps/frame"),
                           ("wakeups", "wake-ups/frame"), ("lost", "lost/sent")):
            if name in figures:
                add(rows, base, f"{way} {name}", figures[name], unit)
    return rows


def key(row, *but):
    names = ("kernel", "method", "path", "size", "batch", "gso", "units", "queues")
    return tuple(row.get(n) for n in names if n not in but)


def relate(rows):
    """Adds to each row its ratio to tun doing the same work, and to the floor."""
    tun = {key(r): r["value"] for r in rows if r["driver"] == "tun"}
    tun |= {key(r) + ("header",): r["value"] for r in rows if r["driver"] == "tun+header"}
    floors = {(r["kernel"], r["size"], r["driver"]): r["value"] for r in rows if r["path"] == "floor"}
    for row in rows:
        peer = tun.get(key(row))
        if peer is None and row.get("gso"):
            peer = tun.get(key(row) + ("header",))
        row["tun"] = round(row["value"] / peer, 4) if peer else None
        if row["path"] == "inbound" and row["method"] == COUNT:
            floor = floors.get((row["kernel"], row["size"], "floor-receive"))
            row["floor"] = round(row["value"] / floor, 3) if floor else None
        row.setdefault("floor", None)
    return rows


def rows_of(measured):
    rows = []
    for kernel, by_method in measured.items():
        for method, results in by_method.items():
            if method in ("count", "scale"):
                rows += count_rows(kernel, results, "instructions/frame", "instructions/byte")
            elif method == "clock":
                rows += clock_rows(kernel, results)
    return relate(rows)


# --- targets ----------------------------------------------------------------


class Book:
    """Finds values among rows, and writes down what became of each target."""

    def __init__(self, rows):
        self.rows = {key(r) + (r["driver"],): r["value"] for r in rows}
        self.targets = []

    def value(self, kernel, method, path, driver, size, batch, gso=None, units=None, queues=None):
        return self.rows.get((kernel, method, path, size, batch, gso, units, queues, driver))

    def check(self, kernel, text, ours, theirs, limit, note="", goal=None):
        if ours is None or theirs is None:
            return
        ratio = ours / theirs if theirs else float("inf") if ours else 0.0
        self.targets.append({"kernel": kernel, "target": text, "ours": round(ours, 4), "theirs": round(theirs, 4),
                             "ratio": round(ratio, 4), "limit": round(limit, 4), "met": ratio <= limit,
                             "goal": None if goal is None else {"limit": round(goal, 4), "met": ratio <= goal},
                             "note": note})


def targets_of(rows, kernels):
    book = Book(rows)
    for k in kernels:
        counted = lambda path, driver, size, batch, **more: book.value(k, COUNT, path, driver, size, batch, **more)
        for size in (60, 512, 1514):
            b = 64
            book.check(k, f"read() of {size} bytes: no more than tun", counted("outbound receive", "tap", size, b),
                       counted("outbound receive", "tun", size, b), 1)
            book.check(k, f"write() of {size} bytes: no more than tun", counted("inbound", "tap", size, b),
                       counted("inbound", "tun", size, b), 1)
            book.check(k, f"write() of {size} bytes: no more than tun with O_NONBLOCK",
                       counted("inbound", "tap", size, b), counted("inbound", "tun-nonblock", size, b), 1)
        for size in (60, 1514):
            for b, limit in ((256, 1 / 10), (64, 1 / 7)):
                book.check(k, f"ring outbound, {size} bytes, batches of {b}: at most 1/{round(1 / limit)} of tun",
                           counted("outbound", "ring", size, b), counted("outbound", "tun", size, b), limit)
        for size in (60, 1514):
            for b in (256, 64):
                book.check(k, f"ring inbound, {size} bytes, batches of {b}: at most 1/2 of tun's write, goal 1/3",
                           counted("inbound", "ring", size, b), counted("inbound", "tun", size, b), 1 / 2, goal=1 / 3)
        for b in (64, 16):
            book.check(k, f"ring inbound TCP, 1500 MTU, no offload, {b} at a time: at most 1/3 of tun's instructions "
                       "a byte", counted("TCP inbound", "ring", None, b), counted("TCP inbound", "tun", None, b), 1 / 3)
        for size in (60, 1514):
            book.check(k, f"batch receive, {size} bytes, 64 a call: at most 1/2 of tun's read",
                       counted("outbound receive", "batch", size, 64), counted("outbound receive", "tun", size, 64),
                       1 / 2)
            book.check(k, f"batch send, {size} bytes, 64 a call: at most 1/2 of tun's write",
                       counted("inbound", "batch", size, 64), counted("inbound", "tun", size, 64), 1 / 2)
        for driver, what in (("tap", "read()/write()"), ("batch", "batch calls"), ("ring", "the ring")):
            for path, way in (("outbound", "outbound"), ("inbound", "inbound")):
                book.check(k, f"64 KiB frames, {way}, {what}: no more than tun",
                           counted(path, f"{driver}+header", 65214, 32, gso=1)
                           or counted(path, driver, 65214, 32, gso=1),
                           counted(path, "tun", 65214, 32, gso=1), 1)
        for b in (64, 256):
            book.check(k, f"ring outbound, batches of {b}: no system call while frames flow",
                       counted("outbound calls", "ring", 60, b), 1, 0, "calls a frame")
            book.check(k, f"ring inbound, batches of {b}: one system call a batch",
                       counted("inbound calls", "ring", 60, b), round(1 / b, 3), 1, "calls a frame")
        clocked = lambda path, driver: book.value(k, CLOCK, path, driver, 60, 64)
        book.check(k, "ring inbound with kernel polling: 0 system calls (at most 1 in 100 frames, when it slept)",
                   clocked("inbound calls", "ring-poll"), 1, 1 / 100, "calls a frame, two processors")
        book.check(k, "wake-ups by the ring: no more than its reader's calls to poll()",
                   clocked("outbound wakeups", "ring"), clocked("outbound calls", "ring"), 1,
                   "each a frame, two processors")
        for driver in ("tap", "ring"):
            for units in (64, 1024, 4096):
                for path in ("scale receive", "scale send", "scale inbound"):
                    book.check(k, f"{driver}: {path.split()[1]} with {units} units against 1: flat (within 1/10)",
                               book.value(k, COUNT, path, driver, 60, None, units=units),
                               book.value(k, COUNT, path, driver, 60, None, units=1), 1.1)
            for queues in (2, 8):
                for path in ("queues receive", "queues send", "queues inbound"):
                    book.check(k, f"{driver}: {path.split()[1]} with {queues} queues against 1: flat (within 1/10)",
                               book.value(k, COUNT, path, driver, 60, None, queues=queues),
                               book.value(k, COUNT, path, driver, 60, None, queues=1), 1.1)
    return book.targets
