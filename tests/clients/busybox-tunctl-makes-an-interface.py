# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
busybox's `tunctl -f NODE -t x0` makes an interface that stays; QEMU carries traffic both ways on it; `tunctl -d`
takes it away.
"""
import face
import link
import qemu
from check import equal

face.bind()
link.run("busybox", "tunctl", "-f", face.NODE, "-t", "x0")
equal(face.driver("x0"), face.DRIVER, "x0's driver")
emulator = qemu.hub("tap,id=t,ifname=x0,script=no,downscript=no")
face.used(emulator, "x0")
face.up("x0")
qemu.network_answers("x0")
equal(emulator.end()[0], 0, "QEMU's exit status")
link.run("busybox", "tunctl", "-f", face.NODE, "-d", "x0")
equal(link.exists("x0"), False, "whether x0 is there when deleted")
