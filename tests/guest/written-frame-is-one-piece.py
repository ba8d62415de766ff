# SPDX-License-Identifier: BSD-2-Clause
"""
The stack gets a frame that was written in one piece of memory up to 3000 bytes, of a longer one all headers in
the first piece, and none takes much more memory than it has bytes. The kernel's own trace of received frames
tells.
"""
import os
import re

import frame
import link
import tap
from check import equal, true

HEADERS = 128
tracing = os.path.abspath("tracing")
os.mkdir(tracing)
link.run("mount", "-t", "tracefs", "none", tracing)
instance = f"{tracing}/instances/if_tap"


def put(name, text):
    """Write one of the instance's files."""
    with open(f"{instance}/{name}", "w", encoding="ascii") as f:
        f.write(text)


def received(sent):
    """What the trace says of a frame that is written."""
    put("trace", "")
    unit.write(sent)
    with open(f"{instance}/trace", encoding="ascii") as f:
        lines = [line for line in f if "netif_receive_skb_entry:" in line]
    equal(len(lines), 1, "the number of frames received")
    return {key: int(value, 0) for key, value in re.findall(r"(\w+)=(-?[0-9]\w*)", lines[0]) if key != "skbaddr"}


os.mkdir(instance)
try:
    put("events/net/netif_receive_skb_entry/filter", 'name == "tap0"')
    put("events/net/netif_receive_skb_entry/enable", "1")
    link.quiet()
    with tap.Tap() as unit:
        link.up("tap0")
        for length in (14, 60, 1514, 3000, 5000, 9014, 16384):
            seen = received(frame.random(length))
            equal((seen["len"], seen["mac_header_valid"], seen["mac_header"]), (length - 14, 1, -14), "the frame")
            linear = seen["len"] - seen["data_len"]
            if length <= 3000:
                equal((seen["data_len"], seen["nr_frags"]), (0, 0), f"the further pieces of {length} bytes")
            else:
                true(linear >= HEADERS, f"the headers of {length} bytes are in one piece: {seen}")
                true(seen["nr_frags"] <= length // 4096 + 1, f"{length} bytes have few pieces: {seen}")
            true(seen["truesize"] <= 2 * length + 4096, f"{length} bytes take little memory: {seen}")
finally:
    put("events/net/netif_receive_skb_entry/enable", "0")
    os.rmdir(instance)
    link.run("umount", tracing)
