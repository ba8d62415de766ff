# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
`qemu-system-x86_64 -netdev tap,ifname=q0`: QEMU makes the interface and joins it to its own network, whose
DHCP, ping and TCP work over it, each way; when QEMU ends, the interface is gone.
"""
import face
import link
import qemu
from check import equal, wait_for

face.bind()
emulator = qemu.hub("tap,id=t,ifname=q0,script=no,downscript=no")
face.used(emulator, "q0")
face.up("q0")
qemu.network_answers("q0")

equal(emulator.end()[0], 0, "QEMU's exit status")
wait_for(lambda: not link.exists("q0"), "q0 is gone when QEMU has ended")
