# SPDX-License-Identifier: BSD-2-Clause
"""
One process sends good frames while another, with mappings of its own of the same ring, writes random bytes
over records and positions: whatever the kernel makes of it, it reads nothing outside the ring and its log
stays silent (the runner sees to that), and a new ring on the same unit works. With IFTAP_SEED=TEXT those
bytes are the ones that a run with this seed wrote.
"""
# timeout: 120
import errno
import os
import random
import time

import frame
import link
import packet
import proc
import ring
import tap
from check import equal, true

ROUNDS, SECONDS = 12, 0.7
SEED = os.environ.get("IFTAP_SEED") or str(random.getrandbits(32))


def scribble(unit, seed):
    """Write into whatever can be written, until killed."""
    chance = random.Random(seed)
    r = ring.Ring(unit, make=False)
    while True:
        at = chance.randrange(0, r.in_size - 64)
        r.data[at:at + 32] = chance.randbytes(32)
        if chance.random() < 0.002:
            r.set(chance.choice((ring.OUT_CONSUMER, ring.OUT_WAKE, ring.IN_PRODUCER)),
                  chance.choice((chance.getrandbits(64), r.produced, chance.randrange(0, ring.SIZE) & -16)))


def send(unit, outlet, seed):
    """Send both ways for a while. Did the ring break?"""
    r = ring.Ring(unit)
    end = time.monotonic() + SECONDS
    broke = False
    with proc.Child(scribble, unit, seed):
        while time.monotonic() < end:
            for _ in range(20):
                r.put(frame.random(200), publish=False)
            r.set(ring.IN_PRODUCER, r.produced)
            try:
                r.doorbell()
            except OSError as e:
                equal(e.errno, errno.EBADMSG, "what a doorbell fails with")
                broke = True
            outlet.send(frame.random(300))
            if broke or r.state() & ring.BROKEN:
                return True
    return False


link.quiet()
broken = 0
print(f"IFTAP_SEED={SEED}")
for turn in range(ROUNDS):
    with tap.Tap() as unit:
        link.up("tap0")
        with packet.Outlet("tap0") as outlet:
            broken += send(unit, outlet, f"{SEED}/{turn}")
print(f"{broken} of {ROUNDS} rings were broken")
true(broken, "the scribbling was noticed at least once")
with tap.Tap() as unit:
    link.up("tap0")
    r = ring.Ring(unit)
    packet.send("tap0", frame.numbered(1))
    equal(r.take(), [frame.numbered(1)], "a frame through a ring nobody writes into")
