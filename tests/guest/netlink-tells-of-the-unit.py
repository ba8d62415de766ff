# SPDX-License-Identifier: BSD-2-Clause
"""
rtnetlink reports kind, number, whether it is open and by whom, the remote address, transience, baudrate and the
frames that wait, all as sysfs and the ioctls have them. When a link is made, the kind may be given and must
agree with the name; what is only reported is refused. Who asks from another network namespace is not told the
opener's process number, which may be of another pid namespace.
"""
import errno
import os
import struct

import abi
import frame
import link
import netlink
import packet
import proc
import tap
from check import equal, raises

link.quiet()
link.ip("link", "add", "vmnet5", "type", "if_tap")
equal(netlink.unit("vmnet5"), {"kind": 1, "unit": 5, "open": 0, "remote_address": bytes(6), "transient": 0,
                               "baudrate": 0, "queued": 0}, "what is said of a closed vmnet")
link.ip("link", "add", "other", "type", "if_tap")
equal("unit" in netlink.unit("other"), False, "whether a unit without a number is said to have one")
with tap.Tap(path="/dev/tap") as unit, open("/proc/self/comm", encoding="utf-8") as f:
    link.up("tap0")
    packet.send("tap0", frame.numbered(1), frame.numbered(2))
    unit.set(abi.TAPSIFINFO, 56000, 1500, abi.IFT_ETHER, 0, form="ihBB")
    unit.ioctl(abi.SIOCSIFADDR, frame.PEER)
    equal(netlink.unit("tap0"), {"kind": 0, "unit": 0, "open": 1, "opener_pid": os.getpid(),
                                 "opener_comm": f.read().strip(), "remote_address": frame.PEER, "transient": 1,
                                 "baudrate": 56000, "queued": 2}, "what is said of an open clone")

ZERO = struct.pack("I", 0)
netlink.add("free0", netlink.attribute(netlink.KIND, b"\1"))
equal((netlink.unit("free0")["kind"], link.attribute("free0", "if_tap/kind")), (1, "vmnet"), "the kind given")
netlink.add("tap8", netlink.attribute(netlink.KIND, b"\0"))
equal(netlink.unit("tap8")["unit"], 8, "the number of tap8")
names = link.names()
raises(errno.EINVAL, netlink.add, "tap9", netlink.attribute(netlink.KIND, b"\1"))
raises(errno.EINVAL, netlink.add, "vmnet9", netlink.attribute(netlink.KIND, b"\0"))
raises(errno.ERANGE, netlink.add, "free1", netlink.attribute(netlink.KIND, b"\2"))
for kind, value in ((netlink.UNIT, ZERO), (netlink.OPEN, b"\0"), (netlink.OPENER_PID, ZERO),
                    (netlink.OPENER_COMM, b"x\0"), (netlink.REMOTE_ADDRESS, bytes(6)), (netlink.QUEUED, ZERO)):
    raises(errno.EINVAL, netlink.add, "free1", netlink.attribute(kind, value))
equal(link.names(), names, "the interfaces after refusals")

NSID = 7
away = proc.Netns()
netlink.number_namespace(away.fd, NSID)
with away:
    unit = tap.Tap()
    told = netlink.unit("tap0")
equal(told.pop("opener_pid"), os.getpid(), "the opener's number, asked for where the interface is")
equal(netlink.unit("tap0", NSID), told, "what is told elsewhere")
unit.close()
away.close()
