# SPDX-License-Identifier: BSD-2-Clause
"""What is measured: the cases, one a run of build/bench/bench, in an order that never changes."""

import fnmatch

# What a case says to the program.
OPTIONS = ("size", "batch", "gso", "headers", "units", "queues", "ms", "rounds", "warmup")
# Figures that have to repeat.
EXACT = ("send", "receive", "total", "feed")

SIZES = (60, 512, 1514)
QUICK_SIZES = (60, 1514)
BATCHES = (64, 256)
# A TCP frame of 64 KiB to be cut up: 54 bytes of headers and 45 times 1448.
GSO_SIZE, GSO_BATCH = 65214, 32

OUT = ("tun", "tun-uring", "tun-napi", "tap", "tap-uring", "batch", "ring", "packet", "xdp", "xdp-generic", "vhost")
IN = ("tun", "tun-nonblock", "tun-uring", "tun-napi", "tap", "tap-uring", "batch", "ring", "packet", "xdp", "vhost")
QUICK = ("tun", "tun-nonblock", "tap", "batch", "ring")
HEADERS = ("tun", "tap")
# AF_XDP takes no frame above a page, and no offload header.
GSO = ("tun", "tun-uring", "tap", "tap-uring", "batch", "ring", "packet", "vhost")
QUICK_GSO = ("tun", "tap", "batch", "ring")
TCP = ("tun", "tun-napi", "tun-uring", "tap", "tap-uring", "batch", "ring", "packet", "xdp", "vhost")
QUICK_TCP = ("tun", "ring")
NO_GSO = ("tun-napi", "xdp")
FLOOD_OUT = ("tun", "tun-uring", "tap", "batch", "ring", "packet", "xdp", "vhost")
FLOOD_IN = ("tun", "tun-nonblock", "tun-uring", "tun-napi", "tap", "batch", "ring", "ring-poll", "packet", "xdp",
            "vhost")
SCALE = ("tun", "tap", "ring")
QUEUES = (1, 2, 8)

# The stack without a driver: what can only be equalled.
FLOORS = {
    "floor-transmit": {"clone_skb": 0},
    "floor-transmit-ready": {"clone_skb": 1000000},
    "floor-receive": {"xmit_mode": "netif_receive", "clone_skb": 0},
    "floor-receive-ready": {"xmit_mode": "netif_receive", "burst": 1000},
}


def name(case):
    words = [case["job"], case["port"]]
    words += [f"{key}={case[key]}" for key in OPTIONS if key in case and key not in ("ms", "rounds", "warmup")]
    return " ".join(words)


def count_cases(quick):
    """What two threads share takes more rounds to repeat, and a connection takes some to find its window."""
    for case in plain_count_cases(quick):
        if case["port"] == "vhost":
            case["rounds"] = 120
        if case["job"] == "tcp-in":
            case["warmup"] = 150
        yield case


def plain_count_cases(quick):
    out, inward = (QUICK, QUICK) if quick else (OUT, IN)
    for size in QUICK_SIZES if quick else SIZES:
        for floor, settings in FLOORS.items():
            yield {"job": "floor", "port": floor, "size": size, "pktgen": settings}
        for batch in BATCHES:
            for port in ("dummy", *out):
                if port != "tun-nonblock":
                    yield {"job": "out", "port": port, "size": size, "batch": batch}
            for port in inward:
                yield {"job": "in", "port": port, "size": size, "batch": batch}
            for port in HEADERS if not quick else ():
                yield {"job": "out", "port": port, "size": size, "batch": batch, "headers": 1}
                yield {"job": "in", "port": port, "size": size, "batch": batch, "headers": 1}
    large = QUICK_GSO if quick else GSO
    for port in ("dummy", *large):
        yield {"job": "out", "port": port, "size": GSO_SIZE, "batch": GSO_BATCH, "gso": 1}
    for port in large:
        yield {"job": "in", "port": port, "size": GSO_SIZE, "batch": GSO_BATCH, "gso": 1}
    for port in QUICK_TCP if quick else TCP:
        for job in ("tcp-in", "tcp-out"):
            yield {"job": job, "port": port, "batch": 64}
            if job == "tcp-in" and port in QUICK_GSO and not quick:
                yield {"job": job, "port": port, "batch": 16}
            if port not in NO_GSO:
                yield {"job": job, "port": port, "batch": 8, "gso": 1}


def clock_cases(quick):
    """Floods: each path once, then all again, so that a slow minute of the machine hits all alike."""
    out = ("tun", "batch", "ring") if quick else FLOOD_OUT
    inward = ("tun", "batch", "ring", "ring-poll") if quick else FLOOD_IN
    for _ in range(1 if quick else 5):
        for size in (60,) if quick else SIZES:
            for port in out:
                yield {"job": "flood-out", "port": port, "size": size, "batch": 64, "ms": 200}
            for port in inward:
                yield {"job": "flood-in", "port": port, "size": size, "batch": 64, "ms": 200}
        for port in () if quick else GSO:
            for job in ("flood-out", "flood-in"):
                yield {"job": job, "port": port, "size": GSO_SIZE, "batch": GSO_BATCH, "gso": 1, "ms": 200}


def scale_cases(quick):
    for port in SCALE:
        for queues in QUEUES if port != "tun" and not quick else ():
            yield {"job": "scale", "port": port, "size": 60, "batch": 1, "queues": queues, "rounds": 10, "warmup": 3}
        yield {"job": "scale", "port": port, "size": 60, "batch": 1, "units": 64 if quick else 4096, "rounds": 10,
               "warmup": 3}


def cases(method, quick, pattern="*"):
    every = {"count": count_cases, "clock": clock_cases, "scale": scale_cases}[method](quick)
    return [case for case in every if fnmatch.fnmatch(name(case), pattern)]
