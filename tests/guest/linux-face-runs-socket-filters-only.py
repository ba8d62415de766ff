# SPDX-License-Identifier: BSD-2-Clause
"""
TUNSETSTEERINGEBPF and TUNSETFILTEREBPF take a BPF program of the socket filter type, which the verifier has checked
for what it can see of a frame there, and -1 for none. Another type, and a descriptor of anything else, are EINVAL, no
descriptor is EBADF, and the program of before goes on.
"""
import errno
import os

import bpf
import frame
import link
import packet
import tun
import tunabi
from check import equal, raises

CALLS = (tunabi.TUNSETSTEERINGEBPF, tunabi.TUNSETFILTEREBPF)
link.quiet()
with tun.Tun("tap0", flags=os.O_NONBLOCK) as unit:
    link.up("tap0")
    keeps_all = bpf.load(bpf.SOCKET_FILTER, bpf.returns(0))
    unit.set(tunabi.TUNSETFILTEREBPF, keeps_all)
    os.close(keeps_all)
    xdp = bpf.load(bpf.XDP, bpf.returns(bpf.XDP_PASS))
    with open("/dev/null", "rb") as null:
        for call in CALLS:
            raises(errno.EINVAL, unit.set, call, xdp)
            raises(errno.EINVAL, unit.set, call, null.fileno())
            raises(errno.EINVAL, unit.set, call, unit.fd)
            raises(errno.EBADF, unit.set, call, 1000)
            raises(errno.EBADF, unit.set, call, -2)
    packet.send("tap0", frame.numbered(1))
    equal(unit.drain(), [], "what the program of before lets through")
    for call in CALLS:
        unit.set(call, -1)
    packet.send("tap0", frame.numbered(2))
    equal(unit.drain(), [frame.numbered(2)], "what comes without a program")
