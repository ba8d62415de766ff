# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
`qemu-system-x86_64 -netdev tap,fd=N`: QEMU takes over a descriptor that this program, as libvirt does, has
opened and attached, and finds out by TUNGETIFF how it was; DHCP, ping and TCP work each way. So it is for one
with offload headers and for one without.
"""
import os

import face
import link
import qemu
from check import equal, wait_for

for name, flags in (("q0", 0), ("q1", face.IFF_VNET_HDR)):
    fd = face.attach(name, face.IFF_TAP | face.IFF_NO_PI | flags)
    emulator = qemu.hub(f"tap,id=t,fd={fd}", pass_fds=[fd])
    os.close(fd)
    face.used(emulator, name)
    face.up(name)
    qemu.network_answers(name)
    equal(emulator.end()[0], 0, "QEMU's exit status")
    wait_for(lambda n=name: not link.exists(n), f"{name} is gone when QEMU has ended")
