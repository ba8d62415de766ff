# SPDX-License-Identifier: BSD-2-Clause
# timeout: 240
"""
Closing, detaching and attaching again, deleting the interface, making it persistent and not, and the end of its
namespace, each in every order, with one, two and three queues open: /dev/net/tap comes to the same as /dev/net/tun
after each step. What may differ is in lib/facetable.py.
"""
import functools
import itertools

import facediff
from tunabi import (IFF_ATTACH_QUEUE, IFF_DETACH_QUEUE, IFF_MULTI_QUEUE, IFF_NO_PI, IFF_TAP, IFF_TUN, TUNSETPERSIST)


def event(face, what, where):
    """One step."""
    word, _, slot = what.partition(" ")
    slot = int(slot or 0)
    if word in ("detach", "attach"):
        face.setqueue(slot, IFF_DETACH_QUEUE if word == "detach" else IFF_ATTACH_QUEUE)
    elif word == "persist":
        face.value(slot, TUNSETPERSIST, 1)
    elif word == "transient":
        face.value(slot, TUNSETPERSIST, 0)
    elif word == "delete":
        face.delete("dif0", where)
    elif word == "end":
        face.end_netns()
    else:
        face.close(slot)


def steps(kind, queues, order, where, face):
    """Make it, do it, and look after each step."""
    flags = kind | IFF_NO_PI | (IFF_MULTI_QUEUE if queues > 1 or "detach 0" in order else 0)
    for slot in range(queues):
        face.open(slot)
        face.setiff(slot, "dif0", flags)
    face.up("dif0")
    if where == "other":
        face.move("dif0", "other")
        face.up("dif0", "other")
    for what in order:
        event(face, what, where)
        for slot in range(queues):
            face.poll(slot)
            face.getiff(slot)
        face.names()
    # Whatever is left of it can be taken up again, by the last that is still open or by a new one.
    face.open(5)
    face.setiff(5, "dif0", flags)
    face.state()
    for slot in range(queues):
        face.setiff(slot, "dif0", flags)
        face.close(slot)
    face.close(5)
    face.names()


SETS = [(1, "home", ["close 0", "delete", "persist", "transient"]),
        (1, "home", ["detach 0", "delete", "persist", "close 0"]),
        (2, "home", ["close 0", "close 1", "detach 0", "persist"]),
        (2, "home", ["close 0", "detach 1", "attach 1", "delete"]),
        (3, "home", ["close 0", "detach 1", "close 2", "close 1"]),
        (3, "home", ["detach 0", "detach 1", "detach 2", "delete"]),
        (1, "other", ["close 0", "persist", "end"]),
        (2, "other", ["detach 0", "close 1", "end"]),
        (2, "other", ["detach 0", "detach 1", "end"])]
scenarios = []
for queues, where, events in SETS:
    for order in itertools.permutations(events):
        kind = IFF_TAP if len(scenarios) % 3 else IFF_TUN
        scenarios.append((f"{queues} queues, {where}: {', '.join(order)}",
                          functools.partial(steps, kind, queues, order, where)))
facediff.same(*facediff.share(scenarios))
