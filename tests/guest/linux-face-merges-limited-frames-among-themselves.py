# SPDX-License-Identifier: BSD-2-Clause
"""
With IFF_NAPI, frames written under TUNSETSNDBUF count against the descriptor, and those written without do not. GRO
merges each kind with its own only, whichever comes first: of a frame made of both, more or less would be given back
than was taken, and the descriptor freed while it is in use, or never. The merging of two limited ones shows that GRO,
which is told to wait for more (gro_flush_timeout), had the occasion.
"""
import frame
import link
import packet
import tun
import tunabi
from check import equal, true

SIZE, ROUNDS = 100, 20
LIMIT, NONE = 1 << 20, 0x7fffffff
FLUSH = 20_000_000      # ns
link.quiet()


def received(unit, capture, mac, limits):
    """The lengths of what the stack receives of a segment written under each of the limits."""
    segments = [frame.tcp_segment(n, bytes([n]) * SIZE, mac) for n in range(len(limits))]
    for limit, data in zip(limits, segments):
        unit.set(tunabi.TUNSETSNDBUF, limit)
        unit.write(data)
    lengths = [len(capture.receive())]
    while sum(n - 54 for n in lengths) < len(limits) * SIZE:
        lengths.append(len(capture.receive()))
    return lengths


with tun.Tun("tap0", more=tunabi.IFF_NO_PI | tunabi.IFF_NAPI) as made:
    link.up("tap0")
    tap0 = link.mac("tap0")
    with open("/sys/class/net/tap0/gro_flush_timeout", "w", encoding="ascii") as f:
        f.write(str(FLUSH))
    with packet.Capture("tap0") as seen:
        for mixed in ((LIMIT, NONE), (NONE, LIMIT)):
            for _ in range(ROUNDS):
                equal(received(made, seen, tap0, mixed), [54 + SIZE] * 2, f"with the limits {mixed}")
        alike = [received(made, seen, tap0, (LIMIT, LIMIT)) for _ in range(ROUNDS)]
        true([54 + 2 * SIZE] in alike, f"two limited ones were merged, once at least: {alike}")
