# SPDX-License-Identifier: BSD-2-Clause
"""
What is sent out of a tap that nobody has open goes to nobody: the next opener does not see it, though the
interface was up. A frame for a queue that has no descriptor, of a unit that is open, is dropped by the module
and counted as tx_closed, while the queues beside it get theirs.
"""
import errno
import fcntl
import os
import struct

import abi
import frame
import link
import packet
import tap
from check import equal, true, wait_for

QDISC_BYPASS = 20
link.quiet()

tap.Tap().close()
link.ip("link", "set", "dev", "tap0", "up")
wait_for(lambda: "NO-CARRIER" in link.flags("tap0"), "a closed tap has no carrier")
for number in range(5):
    try:
        packet.send("tap0", frame.numbered(number))
    except OSError as e:
        true(e.errno in (errno.ENOBUFS, errno.ENETDOWN), f"only such errors: {e}")
with tap.Tap() as unit:
    link.wait_ready("tap0")
    equal(unit.drain(), [], "what the next opener reads")
    packet.send("tap0", frame.numbered(9))
    equal(unit.drain(), [frame.numbered(9)], "what is sent when it is open")
link.ip("link", "del", "dev", "tap0")

link.ip("link", "add", "tap0", "numtxqueues", 3, "numrxqueues", 3, "type", "if_tap")
with tap.Tap() as first, packet.Outlet("tap0") as outlet:
    last = fcntl.ioctl(first.fd, abi.TAPQUEUE, bytearray(struct.pack("i", 2)))
    link.up("tap0")
    # Sent so, a frame takes the queue with the number of the processor.
    outlet.socket.setsockopt(packet.SOL_PACKET, QDISC_BYPASS, 1)
    before = link.counters("tap0")
    for processor in (0, 1):
        os.sched_setaffinity(0, {processor})
        outlet.send(*(frame.numbered(10 * processor + n) for n in range(4)))
    equal(link.counted("tap0", before), {"tx_closed": 4}, "what was counted")
    equal(link.statistics("tap0")["tx.dropped"], 4, "the interface's drops")
    equal(first.drain(), [frame.numbered(n) for n in range(4)], "what the first queue got")
    os.close(last)
