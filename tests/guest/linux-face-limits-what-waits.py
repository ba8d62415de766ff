# SPDX-License-Identifier: BSD-2-Clause
"""
TUNSETSNDBUF: no more written frames wait in the stack than that many bytes take. They are made to wait behind a bridge
in a queue that lets next to nothing out. A non-blocking write is EAGAIN then, poll() does not say POLLOUT, and a
blocking write sleeps; when room is made or the limit raised, poll() does say it again, and the sleeper has written.
"""
import errno
import os
import select

import frame
import link
import proc
import tun
import tunabi
from check import equal, raises, true, wait_for

SNDBUF = 32768
SOMEBODY = bytes([2, 0, 0, 0, 0, 77])      # whom no port has, nor the bridge
link.quiet()
link.ip("link", "add", "br0", "type", "bridge")
link.ip("link", "add", "slow", "type", "dummy")
with tun.Tun("tap0", flags=os.O_NONBLOCK) as unit:
    for name in ("tap0", "slow"):
        link.ip("link", "set", "dev", name, "master", "br0")
    link.run("tc", "qdisc", "add", "dev", "slow", "root", "tbf", "rate", "8bit", "burst", "2000", "limit", "1000000")
    for name in ("br0", "slow"):
        link.ip("link", "set", "dev", name, "up")
    link.up("tap0")
    with open("/sys/class/net/tap0/brport/state", encoding="ascii") as f:
        equal(f.read().strip(), "3", "the port's state, forwarding")
    unit.set(tunabi.TUNSETSNDBUF, SNDBUF)
    equal(unit.poll(events=select.POLLOUT), select.POLLOUT, "poll() at first")
    written = 0
    try:
        while written < 1000:
            unit.write(frame.ethernet(bytes(1000), SOMEBODY))
            written += 1
    except OSError as e:
        equal(e.errno, errno.EAGAIN, "the error")
    true(4 < written < SNDBUF // 1000 + 3, f"the limit held: {written} frames were taken")
    equal(unit.poll(events=select.POLLOUT), 0, "poll() when it is full")
    raises(errno.EINVAL, unit.set, tunabi.TUNSETSNDBUF, 0)
    os.set_blocking(unit.fd, True)
    writer = proc.Thread(unit.write, frame.ethernet(bytes(1000), SOMEBODY))
    wait_for(lambda: proc.sleeps_in(writer.tid, "write"), "a writer sleeps")
    unit.set(tunabi.TUNSETSNDBUF, 2 * SNDBUF)
    equal(writer.result(), len(frame.ethernet(bytes(1000), SOMEBODY)), "what he has written with a higher limit")
    unit.set(tunabi.TUNSETSNDBUF, SNDBUF)
    writer = proc.Thread(unit.write, frame.ethernet(bytes(1000), SOMEBODY))
    wait_for(lambda: proc.sleeps_in(writer.tid, "write"), "the writer sleeps")
    poller = proc.Thread(unit.poll, 20, select.POLLOUT)
    wait_for(lambda: poller.tid and proc.sleeps_in(poller.tid, "poll"), "the poller sleeps")
    link.run("tc", "qdisc", "del", "dev", "slow", "root")
    equal(writer.result(), len(frame.ethernet(bytes(1000), SOMEBODY)), "what the sleeper has written")
    equal(poller.result(), select.POLLOUT, "poll() that slept until there was room")
    os.set_blocking(unit.fd, False)
    unit.write(frame.ethernet(bytes(1000), SOMEBODY))
