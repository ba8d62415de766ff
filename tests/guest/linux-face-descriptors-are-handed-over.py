# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
A descriptor of /dev/net/tap that goes through a UNIX socket, is inherited across fork or exec, or is used by a user
without privilege, works where it arrives as one of /dev/net/tun does, and the interface lives exactly as long.
"""
import array
import fcntl
import os
import socket
import subprocess

import facediff
import proc
import tunabi
from facespace import named
from tunabi import IFF_DETACH_QUEUE, IFF_MULTI_QUEUE, IFF_NO_PI, IFF_TAP

FRAME = bytes(range(100))
TAP = IFF_TAP | IFF_NO_PI


def attempt(function, *args):
    """What it returns, or its errno's name."""
    try:
        return function(*args)
    except OSError as e:
        return named(e.errno)


def send_descriptor(sock, fd):
    """By SCM_RIGHTS."""
    sock.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))])


def receive_descriptor(sock):
    """The same at the other end."""
    _, control, _, _ = sock.recvmsg(1, socket.CMSG_SPACE(4))
    return array.array("i", control[0][2])[0]


def make(face, flags=TAP):
    """An interface with a queue in slot 0, up."""
    face.open(0)
    face.setiff(0, "dif0", flags)
    face.up("dif0")


def use(fd):
    """Everything a receiver does with it."""
    found = [attempt(os.read, fd, 2000), attempt(os.write, fd, FRAME), attempt(os.write, fd, b"x")]
    ifr = bytearray(40)
    for command, argument in ((tunabi.TUNGETIFF, ifr), (tunabi.TUNSETOFFLOAD, 1), (tunabi.TUNSETPERSIST, 1),
                              (tunabi.TUNSETPERSIST, 0), (tunabi.TUNSETOWNER, 1000), (tunabi.TUNSETDEBUG, 0),
                              (tunabi.TUNGETDEVNETNS, 0), (tunabi.SIOCGSKNS, 0)):
        answer = attempt(lambda c=command, a=argument: fcntl.ioctl(fd, c, a))
        found.append("a descriptor" if isinstance(answer, int) and answer > 0 else answer)
    return found + [bytes(ifr)]


def by_socket(face, uid=None):
    """The receiver has it alone: the interface ends with his copy."""
    make(face)
    face.send("dif0", FRAME)
    one, other = socket.socketpair(socket.AF_UNIX)
    wait, end = proc.Gate(), proc.Gate()

    def receiver():
        fd = receive_descriptor(other)
        found = use(fd)
        wait.open()
        end.wait()
        return found

    # The child was forked while slot 0 was open: it must not keep it alive by that.
    face_fd = face.fd(0)
    with proc.Child(lambda: (os.close(face_fd), receiver())[1], uid=uid) as child:
        send_descriptor(one, face_fd)
        wait.wait()
        face.close(0)
        face.names()
        face.state()
        face.hear()
        end.open()
        face.note_down("the receiver's results", child.result())
    face.names()
    one.close()
    other.close()


def by_socket_to_a_user(face):
    """A descriptor works for an ordinary user who is given it."""
    by_socket(face, 1000)


def in_flight(face):
    """In flight, and nowhere else, a descriptor keeps its interface."""
    make(face)
    one, other = socket.socketpair(socket.AF_UNIX)
    send_descriptor(one, face.fd(0))
    face.close(0)
    face.names()
    face.send("dif0", FRAME)
    fd = receive_descriptor(other)
    face.note_down("the frame", attempt(os.read, fd, 2000))
    send_descriptor(one, fd)
    os.close(fd)
    face.names()
    one.close()
    other.close()
    face.names()


def by_fork(face):
    """A child has the same open file: flags are shared, and the interface ends when both have closed it."""
    make(face)
    face.send("dif0", FRAME)
    face.send("dif0", FRAME[::-1])
    fd = face.fd(0)

    def child():
        os.set_blocking(fd, True)
        return use(fd)

    face.note_down("the child", proc.in_child(child))
    face.read(0, (2000,))
    face.fcntl(0, "getfl")
    face.fcntl(0, "nonblock")
    gate = proc.Gate()
    with proc.Child(lambda: gate.wait() or use(fd)) as process:
        face.close(0)
        face.names()
        face.send("dif0", FRAME)
        gate.open()
        face.note_down("the child that is left", process.result())
    face.names()
    face.hear()


def queues_in_several_processes(face):
    """Each queue is a process's own: what one detaches or closes leaves the others."""
    make(face, TAP | IFF_MULTI_QUEUE)
    path, steps = face.path, [proc.Gate() for _ in range(3)]

    def child():
        fd = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        ifr = bytearray(tunabi.ifreq(b"dif0", TAP | IFF_MULTI_QUEUE))
        fcntl.ioctl(fd, tunabi.TUNSETIFF, ifr)
        steps[0].open()
        steps[1].wait()
        found = [attempt(os.write, fd, FRAME)]
        fcntl.ioctl(fd, tunabi.TUNSETQUEUE, tunabi.ifreq(b"", IFF_DETACH_QUEUE))
        return found + [attempt(os.write, fd, FRAME), attempt(os.read, fd, 2000)]

    with proc.Child(child) as process:
        steps[0].wait()
        face.state()
        steps[1].open()
        face.note_down("the other queue's process", process.result())
    face.state()
    face.hear()
    face.close(0)
    face.names()


def by_exec(face):
    """A program that is started with it reads and writes frames; with close-on-exec it does not get it."""
    make(face)
    face.send("dif0", FRAME)
    face.fcntl(0, "block")
    fd = face.fd(0)
    done = subprocess.run(["dd", "bs=2000", "count=1", "status=none"], stdin=fd, stdout=subprocess.PIPE, check=False)
    face.note_down("what dd read", (done.returncode, done.stdout))
    done = subprocess.run(["dd", "bs=2000", "count=1", "status=none"], input=FRAME, stdout=fd, check=False)
    face.note_down("what dd wrote", done.returncode)
    face.hear()
    done = subprocess.run(["bash", "-c", f"echo >&{fd}"], stderr=subprocess.DEVNULL, close_fds=False, check=False)
    face.note_down("a program without it", done.returncode)
    face.close(0)
    face.names()


facediff.same(by_socket, by_socket_to_a_user, in_flight, by_fork, queues_in_several_processes, by_exec)
