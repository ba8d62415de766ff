# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
An interface of /dev/net/tap has up to 256 queues as one of /dev/net/tun has: the 257th is E2BIG, also while some are
detached, and there is room again for one when one is closed.
"""
import facediff
from tunabi import IFF_ATTACH_QUEUE, IFF_DETACH_QUEUE, IFF_MULTI_QUEUE, IFF_NO_PI, IFF_TAP, QUEUES
from check import equal

FLAGS = IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE


def fill(face):
    """256 queues"""
    for slot in range(QUEUES):
        face.open(slot)
        equal(face.setiff(slot, "dif0", FLAGS)[0], 0, f"attaching queue {slot}")
    face.open(QUEUES)
    equal(face.setiff(QUEUES, "dif0", FLAGS)[0], "E2BIG", "attaching the 257th queue")
    face.getiff(QUEUES)
    face.state()
    face.setqueue(7, IFF_DETACH_QUEUE)
    equal(face.setiff(QUEUES, "dif0", FLAGS)[0], "E2BIG", "attaching the 257th queue with one detached")
    face.setqueue(7, IFF_ATTACH_QUEUE)
    face.up("dif0")
    face.state()
    face.close(100)
    equal(face.setiff(QUEUES, "dif0", FLAGS)[0], 0, "attaching a queue in place of another")
    face.state()
    for slot in range(0, QUEUES, 2):
        face.close(slot)
    face.state()
    face.delete("dif0")
    face.getiff(1)


facediff.same(fill)
