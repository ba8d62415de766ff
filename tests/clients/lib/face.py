# SPDX-License-Identifier: BSD-2-Clause
"""
The node that real programs are given, by its path where they take one, else mounted over the path that they
know, and the proof that it is the one they use.

IFTAP_TUN_NODE=/dev/net/tun has everything run on the kernel's own tun: what a test shows then is what the
program does on Linux, and that the test itself is right.
"""
import atexit
import ctypes
import fcntl
import os
import stat
import struct
import subprocess

import link
import proc
from check import Failure, equal, true, wait_for

TUN = "/dev/net/tun"
NODE = os.environ.get("IFTAP_TUN_NODE", "/dev/net/tap")
IS_TUN = NODE == TUN
# What `ethtool -i` says.
DRIVER = "tun" if IS_TUN else "if_tap"

# For Program: an ordinary user without privilege.
AS_USER = {"user": proc.USER, "group": proc.USER, "extra_groups": []}

MS_BIND = 0x1000
TUNSETIFF = 0x400454ca
IFF_TUN, IFF_TAP, IFF_MULTI_QUEUE, IFF_NO_PI, IFF_VNET_HDR = 0x1, 0x2, 0x100, 0x1000, 0x4000


def prepare():
    """The node is there: the module under test has made it, tun is loaded only if that is what is wanted."""
    if IS_TUN:
        link.run("modprobe", "tun")
    true(os.path.exists(NODE), f"{NODE} is there")
    true(stat.S_ISCHR(os.stat(NODE).st_mode), f"{NODE} is a character device")


def make_tun_node():
    """Have /dev/net/tun there, as on a machine with udev, before its module is: opened, it would load tun."""
    if not os.path.exists(TUN):
        os.mknod(TUN, stat.S_IFCHR | 0o666, os.makedev(10, 200))


def bind():
    """
    Have programs that can only open /dev/net/tun open our node there. It ends with the test, whose mount
    namespace is its own.
    """
    if IS_TUN:
        return
    make_tun_node()
    mount = proc.libc.mount
    mount.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p]
    proc.call(mount, NODE.encode(), TUN.encode(), None, MS_BIND, None)
    equal(os.stat(TUN).st_rdev, os.stat(NODE).st_rdev, f"what {TUN} is, with {NODE} mounted over it")


def attach(name, flags):
    """A descriptor of the node that is attached to interface @name, to hand to a program."""
    fd = os.open(NODE, os.O_RDWR | os.O_CLOEXEC)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), flags))
    return fd


def descriptors(pid):
    """{descriptor: interface} of what a process has open on the node, by whatever path."""
    node = os.stat(NODE).st_rdev
    found = {}
    try:
        numbers = os.listdir(f"/proc/{pid}/fd")
    except FileNotFoundError:
        return {}
    for number in numbers:
        try:
            info = os.stat(f"/proc/{pid}/fd/{number}")
            if not stat.S_ISCHR(info.st_mode) or info.st_rdev != node:
                continue
            with open(f"/proc/{pid}/fdinfo/{number}", encoding="ascii") as f:
                fields = dict(line.split(":", 1) for line in f)
            found[int(number)] = fields.get("iff", "").strip()
        except FileNotFoundError:      # it was closed meanwhile
            pass
    return found


def tun_unused():
    """Fail if anybody uses the kernel's tun, other than vhost-net, which cannot be loaded without it."""
    if IS_TUN or not os.path.isdir("/sys/module/tun"):
        return
    with open("/sys/module/tun/refcnt", encoding="ascii") as f:
        uses = int(f.read())
    equal(uses, len(os.listdir("/sys/module/tun/holders")), "how often the kernel's own tun is in use")


def driver(name):
    """What `ethtool -i` says of an interface here."""
    said = dict(line.split(":", 1) for line in link.run("ethtool", "-i", name).splitlines())
    return said["driver"].strip()


def used(program, name, queues=1, seconds=20):
    """
    Fail unless @program, a process or its number, has the node open for the interface @name, which is here,
    @queues times, and the interface is our driver's. Programs have to open it first: it waits for that.
    """
    pid = getattr(program, "pid", program)

    def open_():
        return list(descriptors(pid).values()).count(name) == queues

    try:
        wait_for(open_, f"{NODE} is open {queues} times for {name} in process {pid}", seconds)
    except Failure as late:
        raise Failure(f"{late}; it has {descriptors(pid)}") from late
    equal(driver(name), DRIVER, f"the driver of {name}")
    tun_unused()


def for_everybody():
    """Let ordinary users open tun's node too, as udev does where it runs, until the test ends. Ours is so made."""
    before = stat.S_IMODE(os.stat(NODE).st_mode)
    os.chmod(NODE, 0o666)
    atexit.register(os.chmod, NODE, before)


def give_directory(path):
    """A directory of the test's becomes the ordinary user's, and he can reach it."""
    os.chown(path, proc.USER, proc.USER)
    for directory in path.parents:
        if directory.name:
            directory.chmod(directory.stat().st_mode | 0o011)


def ready(name):
    """Wait until frames pass through an interface that is up. (An interface of tun's is never known to be.)"""
    def passes():
        state = link.state(name)
        return "LOWER_UP" in state["flags"] and state["operstate"] in ("UP", "UNKNOWN") and state["qdisc"] != "noop"
    wait_for(passes, f"{name} is operational")


def up(name, *addresses):
    """Bring it up, with addresses, and wait until frames pass."""
    for address in addresses:
        link.ip("address", "add", address, "dev", name, *(["nodad"] if ":" in address else []))
    link.ip("link", "set", "dev", name, "up")
    ready(name)


def version(package):
    """The version of a Debian package, which goes to the test's output."""
    said = subprocess.run(["dpkg-query", "-Wf", "${Version}", package], capture_output=True, text=True, check=True)
    print(f"{package} {said.stdout}")
    return said.stdout


prepare()
