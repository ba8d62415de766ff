# SPDX-License-Identifier: BSD-2-Clause
"""
A frame may get to the driver with the number of a queue that the interface does not have: Linux 6.1 leaves it there
when a copy of the frame was given another queue on its way (mirred, skbedit), and takes the first queue itself. So does
the driver. The number comes from the queue by which the frame came in, at an interface of many.
"""
import os

import frame
import link
import tap
from check import equal

QUEUE = 200
NOW = os.O_NONBLOCK
link.quiet()
link.ip("link", "add", "copies", "type", "dummy")
link.ip("link", "add", "tap0", "numtxqueues", QUEUE + 1, "numrxqueues", QUEUE + 1, "type", "if_tap")
with tap.Tap(0, flags=NOW) as first, tap.Queue(first, QUEUE) as source, tap.Tap(1, flags=NOW) as unit:
    link.bridge("br0", "tap0", "tap1")
    for name in ("tap1", "copies"):
        link.run("tc", "qdisc", "add", "dev", name, "clsact")
    link.run("tc", "filter", "add", "dev", "copies", "egress", "matchall", "action", "skbedit", "queue_mapping", "0")
    link.run("tc", "filter", "add", "dev", "tap1", "egress", "matchall",
             "action", "mirred", "egress", "mirror", "dev", "copies")
    link.up("copies")
    for n in range(10):
        sent = frame.numbered(n)
        source.write(sent)
        equal(unit.receive(), sent, "what comes out at an interface of one queue")
    equal(link.statistics("copies")["tx.packets"], 10, "copies")
