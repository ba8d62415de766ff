# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
`unshare -m sh -c 'mount --bind NODE /dev/net/tun; exec PROGRAM'`: a program that can only open /dev/net/tun gets
our node there, and nobody else does. QEMU carries traffic both ways by it.
"""
import os

import face
import link
import qemu
from check import equal, true
from program import Program

if not face.IS_TUN:
    face.make_tun_node()
before = os.stat(face.TUN).st_rdev
command = qemu.command("tap,id=t,ifname=q0,script=no,downscript=no")
emulator = Program("unshare", "-m", "sh", "-c", f"mount --bind {face.NODE} {face.TUN} && exec \"$@\"", "sh", *command)
face.used(emulator, "q0")
number, = face.descriptors(emulator.pid)
equal(os.readlink(f"/proc/{emulator.pid}/fd/{number}"), face.TUN, "what QEMU has open, by its name")
equal(os.stat(f"/proc/{emulator.pid}/fd/{number}").st_rdev, os.stat(face.NODE).st_rdev, "and by its number")
equal(os.stat(face.TUN).st_rdev, before, f"what {face.TUN} is to everybody else")
face.up("q0")
qemu.network_answers("q0")
equal(emulator.end()[0], 0, "QEMU's exit status")
true(not link.exists("q0"), "q0 is gone when QEMU has ended")
