# SPDX-License-Identifier: BSD-2-Clause
# timeout: 240
"""
When its unit is destroyed a descriptor of the Linux face can have another by TUNSETIFF, hundreds of times in a row:
who sleeps in read wakes, every call is EBADFD until then, and afterwards frames pass. What went before stays with
the descriptor, in memory only, and all of it is freed when that is closed. SIGIO goes along to each.
"""
import errno
import fcntl
import select
import signal
import struct

import abi
import frame
import link
import module
import netlink
import packet
import proc
import tun
import tunabi
from check import equal, raises, true, wait_for

TIMES = 300
link.quiet()


def objects():
    """Units in memory, as the slab allocator counts them: those that are freed may still be among them."""
    with open("/proc/slabinfo", encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("if_tap_unit "))


def attach(unit):
    """TUNSETIFF."""
    unit.ioctl(tunabi.TUNSETIFF, struct.pack("16sH22x", b"tap0", tunabi.IFF_TAP | tunabi.IFF_NO_PI))


def passes(unit):
    """A frame comes out."""
    link.up("tap0")
    packet.send("tap0", frame.numbered(1))
    equal(unit.receive(), frame.numbered(1), "what comes out")


def sleeper(unit):
    """A reader that is there when the unit goes."""
    try:
        return unit.read()
    except OSError as e:
        return e.errno


signals = []
signal.signal(signal.SIGIO, lambda *_: signals.append(1))
with tun.Tun("tap0") as unit:
    passes(unit)
    fcntl.ioctl(unit.fd, abi.FIOASYNC, struct.pack("i", 1))
    reader = proc.Thread(sleeper, unit)
    wait_for(lambda: reader.tid and proc.sleeps_in(reader.tid, "read"), "the reader sleeps")
    netlink.delete("tap0")
    equal(reader.result(), errno.EFAULT, "what wakes the reader")
    equal(unit.poll() & select.POLLERR, select.POLLERR, "poll() without a unit")
    raises(errno.EBADFD, unit.read)
    raises(errno.EBADFD, unit.ioctl, tunabi.TUNSETPERSIST, 1)

    for _ in range(TIMES):
        attach(unit)
        raises(errno.EEXIST, attach, unit)
        netlink.delete("tap0")
        raises(errno.EBADFD, unit.write, frame.numbered(2))
    equal(link.names(), [], "the interfaces")
    true(objects() >= TIMES, f"they are all in memory: {objects()}")

    attach(unit)
    del signals[:]
    passes(unit)
    wait_for(lambda: signals, "SIGIO from the last of them")
equal(link.names(), [], "the interfaces after close")
# Without a unit or a reference left the module unloads, and its slab cache goes with not an object in it.
wait_for(lambda: module.unload_fails() is None, "the module can be unloaded")
module.restore()
