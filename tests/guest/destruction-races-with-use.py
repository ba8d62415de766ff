# SPDX-License-Identifier: BSD-2-Clause
"""
Units are opened, read, written, asked and closed by threads while another deletes their interfaces as fast as it
can: whatever the moment, calls succeed or give EHOSTDOWN, EBUSY or EAGAIN, and nothing is left at the end.
"""
import errno
import os
import threading

import abi
import frame
import link
import netlink
import proc
import tap
from check import equal, true, wait_for

UNITS, DESTROYED = 3, 100
ALLOWED = {errno.EHOSTDOWN, errno.EBUSY, errno.EAGAIN}
nodes = [tap.node("tap", n) for n in range(UNITS)]
enough = threading.Event()
seen = set()


def use(seed):
    """Until enough were destroyed."""
    n = seed
    while not enough.is_set():
        n += 1
        try:
            with tap.Tap(path=nodes[n % UNITS], flags=os.O_NONBLOCK) as unit:
                for _ in range(5):
                    for call in (lambda: unit.write(frame.numbered(n)), unit.read, lambda: unit.poll(),
                                 lambda: unit.get(abi.FIONREAD), unit.ifname,
                                 lambda: unit.ioctl(abi.VMIO_SIOCSIFFLAGS, 0)):
                        try:
                            call()
                        except OSError as e:
                            seen.add(e.errno)
        except OSError as e:
            seen.add(e.errno)


def destroy():
    """Destroy what is there; how many that was."""
    count = 0
    for name in link.names():
        try:
            netlink.delete(name)
            count += 1
        except OSError as e:    # its user was faster
            true(e.errno == errno.ENODEV, f"deleting {name} works or finds nothing: {e}")
    return count


users = [proc.Thread(use, seed) for seed in range(4)]
total = 0


def happened():
    """Go on until this is true."""
    global total
    total += destroy()
    return total >= DESTROYED and errno.EHOSTDOWN in seen


wait_for(happened, f"{DESTROYED} units are destroyed, some in use", 40)
enough.set()
for user in users:
    user.result()
true(seen <= ALLOWED, f"only the errors expected: {[errno.errorcode.get(e, e) for e in seen]}")
for name in link.names():
    link.ip("link", "del", "dev", name)
equal(link.names(), [], "the interfaces at the end")
