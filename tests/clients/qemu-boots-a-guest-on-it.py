# SPDX-License-Identifier: BSD-2-Clause
# timeout: 600
"""
QEMU boots a guest, emulated on what is itself emulated, with four virtio network cards on four taps: a plain one
of QEMU's own, one whose descriptor is handed over (fd=), one with two queues and offloads (queues=2), and one
for which vhost-net is asked (vhost=on). The guest gets an address by DHCP or is given one, pings and is pinged,
and moves data by TCP each way, whose checksums are compared. The second queue is attached when the guest's
driver wants it, and carries frames; segments longer than a frame pass on the card with offloads and only there.
vhost-net takes no file but tun's own: QEMU says so and goes on without it.
"""
import errno
import hashlib
import os
import pathlib
import re
import socket

import face
import link
import nested
import proc
import traffic
from check import equal, raises, true, wait_for
from program import Program

CARDS = 4
PLAIN, HANDED, QUEUES, VHOST = range(CARDS)
LEASED = 50


def here(card):
    """Our address on the tap of a card."""
    return f"10.90.{card}.1"


def there(card):
    """The guest's address."""
    return f"10.90.{card}.{LEASED if card == PLAIN else 2}"


def card_arguments(card, netdev, more=""):
    """QEMU's, for a card on a tap."""
    return ["-netdev", f"tap,id=n{card},script=no,downscript=no,{netdev}" if "fd=" not in netdev
            else f"tap,id=n{card},{netdev}",
            "-device", f"virtio-net-pci,netdev=n{card},romfile=,mac=52:54:00:12:34:0{card}{more}"]


def serve_dhcp(name, address):
    """busybox's DHCP server on an interface, with one address to give."""
    conf = pathlib.Path("udhcpd.conf").resolve()
    conf.write_text(f"start {address}\nend {address}\ninterface {name}\nlease_file {conf}.leases\n"
                    f"pidfile {conf}.pid\noption subnet 255.255.255.0\n", encoding="ascii")
    pathlib.Path(f"{conf}.leases").touch()
    return Program("busybox", "udhcpd", "-f", "-I", here(PLAIN), conf)


def checksum(data):
    """As sha256sum prints it."""
    return hashlib.sha256(data).hexdigest()


def moves_data(card):
    """TCP to the guest and from it at the same time; both ends' checksums agree with what was sent."""
    data = os.urandom(len(nested.DATA))
    with socket.create_server((here(card), 0)) as listener:
        listener.settimeout(120)

        def serve():
            sock, _ = listener.accept()
            with sock:
                sock.settimeout(120)
                return traffic.swap(sock, data, len(nested.DATA))

        server = proc.Thread(serve)
        said = guest.do(f"nc {here(card)} {listener.getsockname()[1]} </data | sha256sum", 120)
        equal(said.split()[0], checksum(data), f"the checksum of what the guest got on card {card}")
        equal(checksum(server.result()), checksum(nested.DATA), f"the checksum of what it sent on card {card}")


def moves_long_frames(card, capture):
    """
    TCP until @capture has seen its frames. Whether to send long ones is TCP's to decide, and on a machine this slow
    one connection may be without.
    """
    for n in range(6):
        moves_data(card)
        if capture.has_ended(5):
            break
        print(f"connection {n + 1} on card {card} was without long frames")
    capture.lines()


def queue_counts():
    """What the guest's ethtool says of each queue, as {"rx_queue_0_packets": n}."""
    said = re.findall(r"([rt]x_queue_[01]_packets): (\d+)", guest.do(f"ethtool -S eth{QUEUES}"))
    return {name: int(number) for name, number in said}


def has_queue(number):
    """Has our tap this transmit queue?"""
    return os.path.exists(f"/sys/class/net/n{QUEUES}/queues/tx-{number}")


face.bind()
link.run("modprobe", "vhost_net")
fd = face.attach(f"n{HANDED}", face.IFF_TAP | face.IFF_NO_PI | face.IFF_VNET_HDR)
guest = nested.Guest(*card_arguments(PLAIN, "ifname=n0,vnet_hdr=off"), *card_arguments(HANDED, f"fd={fd}"),
                     *card_arguments(QUEUES, "ifname=n2,queues=2", ",mq=on,vectors=6"),
                     *card_arguments(VHOST, "ifname=n3,vhost=on"), pass_fds=[fd])
os.close(fd)
face.used(guest, f"n{QUEUES}", queues=2)
for number in (PLAIN, HANDED, VHOST):
    face.used(guest, f"n{number}")
for number in range(CARDS):
    face.up(f"n{number}", f"{here(number)}/24")
serve_dhcp(f"n{PLAIN}", there(PLAIN))

guest.booted()
for number in range(CARDS):
    if number == PLAIN:
        guest.do(f"ifconfig eth{number} up")
        said = guest.do(f"udhcpc -i eth{number} -n -q -f -s /init -t 10")
        true(f"lease of {there(number)} obtained" in said, f"the guest gets an address: {said}")
    else:
        guest.do(f"ifconfig eth{number} {there(number)} netmask 255.255.255.0")

# Frames longer than the cable's go where the guest's driver has asked for them, and not on the plain card.
long_ones = {card: traffic.Capture(f"n{card}", f"greater 1600 and tcp and {way} host {there(card)}", 2)
             for card, way in ((HANDED, "src"), (QUEUES, "dst"))}
short = Program("tcpdump", "-i", f"n{PLAIN}", "-n", "-l", "greater 1600")
short.says("listening")
for number in range(CARDS):
    guest.do(f"ping -c 1 -W 30 {here(number)}")
    traffic.ping(there(number), 2, 1400)
    if number in long_ones:
        moves_long_frames(number, long_ones[number])
    else:
        moves_data(number)
equal([line for line in short.lines if " IP " in line], [], "frames longer than the plain card's")
short.end()

# The guest's second queue.
equal([has_queue(number) for number in range(2)], [True, False], "queues of the tap before the guest wants them")
guest.do(f"ethtool -L eth{QUEUES} combined 2")
wait_for(lambda: has_queue(1), "the second queue is attached")
channels = re.findall(r"Combined:\s+(\d+)", guest.do(f"ethtool -l eth{QUEUES}"))
equal(channels, ["2", "2"], "the queues that the card may have and has")
for _ in range(32):     # flows enough for both queues each way; nobody listens at the other end
    with socket.socket() as flow:
        flow.settimeout(60)
        raises(errno.ECONNREFUSED, flow.connect, (there(QUEUES), 80))
moves_data(QUEUES)
counts = queue_counts()
print(counts)
true(len(counts) == 4 and all(counts.values()), f"each queue has carried packets both ways: {counts}")

refused = [line for line in guest.lines if "unable to start vhost net" in line]
if face.IS_TUN:
    equal(refused, [], "what QEMU says of vhost-net")
else:
    true(refused and "falling back on userspace virtio" in refused[0], f"QEMU goes on without vhost-net: {refused}")

guest.tell("reboot -f")
equal(guest.wait(60)[0], 0, "QEMU's exit status")
for number in range(CARDS):
    wait_for(lambda n=number: not link.exists(f"n{n}"), f"n{number} is gone when QEMU has ended")
