# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
`qemu-system-x86_64 -netdev bridge,br=br0`: QEMU has its setuid helper make a tap, put it into br0 and hand the
descriptor over. DHCP, ping and TCP work each way from the bridge.
"""
import pathlib

import face
import link
import proc
import qemu
from check import equal, wait_for

MS_BIND = 0x1000

face.bind()
link.run("modprobe", "bridge")
# The helper reads which bridges it may use; this is so until the test ends.
conf = pathlib.Path("/etc/qemu/bridge.conf")
conf.parent.mkdir(exist_ok=True)
conf.touch()
pathlib.Path("bridge.conf").write_text("allow br0\n", encoding="ascii")
proc.call(proc.libc.mount, b"bridge.conf", bytes(conf), None, MS_BIND, None)

link.ip("link", "add", "br0", "type", "bridge", "stp_state", 0)
link.ip("link", "set", "br0", "up")
emulator = qemu.hub(f"bridge,id=t,br=br0,helper={qemu.HELPER}")
wait_for(lambda: face.descriptors(emulator.pid), "QEMU has a descriptor from its helper")
name, = face.descriptors(emulator.pid).values()
face.used(emulator, name)
equal(link.state(name).get("master"), "br0", f"the master of {name}")
face.ready(name)
link.wait_ready("br0")
qemu.network_answers("br0")

equal(emulator.end()[0], 0, "QEMU's exit status")
wait_for(lambda: not link.exists(name), f"{name} is gone when QEMU has ended")
