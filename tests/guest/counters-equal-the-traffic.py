# SPDX-License-Identifier: BSD-2-Clause
"""
`ip -s link` and `ethtool -S` agree with each other and with what a program sent and received: frames and bytes
both ways, and each kind of loss in its own counter and in one total of the interface.
"""
import errno

import abi
import frame
import link
import packet
import tap
from check import equal, raises


def agree(name):
    """The interface's totals are the sums of the counters; the counters."""
    counters, totals = link.counters(name), link.statistics(name)
    equal(set(counters), set(abi.COUNTERS), "the names of the counters")
    for total in set(abi.COUNTERS.values()) - {None}:
        parts = [key for key, value in abi.COUNTERS.items() if value == total]
        equal(totals[total], sum(counters[key] for key in parts), f"{total}, the sum of {parts}")
    return counters


link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    equal(set(agree("tap0").values()), {0}, "the values of new counters")
    out = [frame.random(length) for length in (14, 60, 64, 333, 1000, 1514)]
    into = [frame.random(length) for length in (14, 42, 64, 999, 1514, 9000, 16384)]
    packet.send("tap0", *out)
    # A frame that no protocol wants is a drop to the stack, counted by it in the interface's total.
    with packet.Capture("tap0") as capture:
        for sent in into:
            unit.write(sent)
        equal(capture.drain(), into, "the frames captured")
    equal(unit.drain(), out, "the frames read")
    expected = {key: 0 for key in abi.COUNTERS}
    expected |= {"tx_packets": len(out), "tx_bytes": sum(map(len, out)),
                 "rx_packets": len(into), "rx_bytes": sum(map(len, into))}
    equal(agree("tap0"), expected, "the counters")

    packet.send("tap0", out[-1])
    unit.read(100)
    raises(errno.EINVAL, unit.write, b"short")
    raises(errno.EIO, unit.write, bytes(20000))
    packet.send("tap0", out[0], out[1], out[2])
    link.down("tap0")
    unit.write(into[0])
    expected["tx_packets"] += 1
    expected["tx_bytes"] += len(out[-1])
    expected |= {"tx_truncated": 1, "tx_purged": 3, "rx_short": 1, "rx_long": 1, "rx_down": 1}
    equal(agree("tap0"), expected, "the counters with losses")
    equal(link.ip("-s", "-s", "link", "show", "dev", "tap0")[0]["stats64"]["rx"]["length_errors"], 2,
          "the interface's length errors")
equal(agree("tap0"), expected, "the counters after close")
