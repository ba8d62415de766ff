# SPDX-License-Identifier: BSD-2-Clause
# timeout: 180
"""
An interface of `ip tuntap add ... user` or `... group` is for this user's or group's QEMU, without any privilege,
which carries traffic both ways on it and leaves it there; another user's QEMU is refused and says why.
"""
import face
import link
import proc
import qemu
from check import equal, true
from program import Program

face.bind()
face.for_everybody()
for name, who in (("x0", "user"), ("x1", "group")):
    link.run("ip", "tuntap", "add", "dev", name, "mode", "tap", who, proc.USER)
    netdev = f"tap,id=t,ifname={name},script=no,downscript=no"

    other = {**face.AS_USER, who: proc.USER + 1}
    status, said = Program(qemu.QEMU, "-nodefaults", "-display", "none", "-machine", "none", "-netdev", netdev,
                           **other).wait()
    equal(status, 1, f"the exit status of QEMU of another {who}")
    true("Operation not permitted" in said, f"QEMU says why: {said}")

    emulator = qemu.hub(netdev, **face.AS_USER)
    face.used(emulator, name)
    face.up(name)
    qemu.network_answers(name)
    equal(emulator.end()[0], 0, "QEMU's exit status")
    true(link.exists(name), f"{name} is there after QEMU")
    link.run("ip", "tuntap", "del", "dev", name, "mode", "tap")
    equal(link.exists(name), False, f"whether {name} is there when deleted")
