# SPDX-License-Identifier: BSD-2-Clause
"""
io_uring reads and writes frames on /dev/net/tap as on /dev/net/tun: a read that is submitted before its frame, one
after it, a write, and what cannot be come to the same.
"""
import facediff
import uring
from tunabi import IFF_NO_PI, IFF_TAP

FRAME = bytes(range(100))


def transfer(face, nonblock):
    """Reads and writes, early and late."""
    face.open(0, "rw", "home", nonblock)
    buffers, frame = [bytearray(200) for _ in range(2)], bytearray(FRAME)
    with uring.Ring() as ring:
        ring.submit(uring.OP_WRITE, face.fd(0), frame, 1)
        face.note_down("a write before it is attached", ring.wait(1))
        face.setiff(0, "dif0", IFF_TAP | IFF_NO_PI)
        face.up("dif0")
        ring.submit(uring.OP_READ, face.fd(0), buffers[0], 3)
        face.note_down("a read of nothing", ring.completed())
        face.send("dif0", FRAME)
        face.note_down("once there is a frame", (ring.wait(1), bytes(buffers[0])))
        face.send("dif0", FRAME[::-1])
        ring.submit(uring.OP_READ, face.fd(0), buffers[1], 4)
        face.note_down("a read of a frame", (ring.wait(1), bytes(buffers[1])))
        ring.submit(uring.OP_WRITE, face.fd(0), frame, 5)
        face.note_down("a write", ring.wait(1))
        short = frame[:13]
        ring.submit(uring.OP_WRITE, face.fd(0), short, 6)
        face.note_down("a write of too little", ring.wait(1))
    face.hear()
    face.state()


def nonblocking(face):
    """With O_NONBLOCK a read waits too, as io_uring can poll."""
    transfer(face, True)


def blocking(face):
    """Without it: a read waits."""
    transfer(face, False)


facediff.same(nonblocking, blocking)
