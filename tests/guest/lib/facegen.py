# SPDX-License-Identifier: BSD-2-Clause
"""
Makes up sequences of calls for face.Face, from a seed: sequence(seed, theme, number) is always the same.

A Plan keeps a rough idea of what the calls made so far have led to, so that most of what follows makes sense to the
driver, and some does not. It may be wrong: the calls are the same whatever comes of them.
"""
import random
import struct

import frame
import tunabi
from tunabi import (GSO_ECN, GSO_NONE, GSO_TCPV4, GSO_TCPV6, GSO_UDP, GSO_UDP_L4, HDR_DATA_VALID, HDR_NEEDS_CSUM,
                    IFF_ATTACH_QUEUE, IFF_DETACH_QUEUE, IFF_MULTI_QUEUE, IFF_NAPI, IFF_NAPI_FRAGS, IFF_NO_CARRIER,
                    IFF_NO_PI, IFF_ONE_QUEUE, IFF_PERSIST, IFF_TAP, IFF_TUN, IFF_TUN_EXCL, IFF_VNET_HDR)

SLOTS = 6
FIXED = ["dif0", "dif1", "tap3", "tun2"]
TEMPLATES = ["", "tap%d", "tun%d", "dif%d", "x%dy"]
STRANGE = ["a/b", "a b", ".", "..", "a:b", "%s", "%d%d", "%", "fifteen-letters", "sixteen-letters-", "dif0/",
           "an-interface-name-without-end", "\xe4\xff", "\n", "lo", "dum0", "%1d", "all", "default"]
MACS = [bytes.fromhex(h) for h in ("02005e100002", "02005e100003", "ffffffffffff", "01005e000001", "333300000001")]
BAD_MACS = [bytes.fromhex(h) for h in ("000000000000", "01005e7f0001", "ffffffffffff")]
TYPES = [1, 0, 6, 512, 768, 769, 772, 776, 778, 780, 801, 804, 805, 822, 823, 825, 774, 0xfffe, 0xffff, 3, 8, 32, 24, 820]
# Numbers that neither tun nor the driver of this project gives a meaning to.
UNKNOWN = [0x5401, 0x540f, 0x5421 ^ 0x80, 0x400454e4, 0x800454e5, 0x400454c7, 0x80045430, 0x8913, 0x8915, 0x89f0, 0x8933,
           0x1234, 0, 0xffffffff, 0x54ca, 0xc00454ca, 0x400854ca]
SIZES = [0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 15, 20, 24, 28, 33, 40, 60, 100, 1500, 2000]


def tcp(payload, source, target, source_port, target_port, flags=0x10, sequence=1, summed=True, version=4):
    """TCP in an IPv4 or IPv6 packet; unless @summed, with the sum over the pseudo header only, to be completed."""
    head = struct.pack("!HHIIBBHHH", source_port, target_port, sequence, 1, 0x50, flags, 1000, 0, 0)
    length = len(head) + len(payload)
    if version == 4:
        pseudo = frame.packed(source) + frame.packed(target) + struct.pack("!BBH", 0, 6, length)
    else:
        pseudo = frame.packed(source) + frame.packed(target) + struct.pack("!II", length, 6)
    total = frame.checksum(pseudo + head + payload) if summed else ~frame.checksum(pseudo) & 0xffff
    segment = head[:16] + struct.pack("!H", total) + head[18:] + payload
    return packet(segment, source, target, 6, version)


def udp(payload, source, target, source_port, target_port, summed=True, version=4):
    """UDP the same way."""
    head = struct.pack("!HHHH", source_port, target_port, 8 + len(payload) & 0xffff, 0)
    length = len(head) + len(payload)
    if version == 4:
        pseudo = frame.packed(source) + frame.packed(target) + struct.pack("!BBH", 0, 17, length & 0xffff)
    else:
        pseudo = frame.packed(source) + frame.packed(target) + struct.pack("!II", length, 17)
    total = (frame.checksum(pseudo + head + payload) or 0xffff) if summed else ~frame.checksum(pseudo) & 0xffff
    return packet(head[:6] + struct.pack("!H", total) + payload, source, target, 17, version)


def packet(segment, source, target, protocol, version):
    """IP around it, of any size."""
    if version == 4:
        head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment) & 0xffff, 1, 0x4000, 64, protocol, 0)
        head += frame.packed(source) + frame.packed(target)
        return head[:10] + struct.pack("!H", frame.checksum(head)) + head[12:] + segment
    return (struct.pack("!IHBB", 6 << 28, len(segment) & 0xffff, protocol, 64) + frame.packed(source) +
            frame.packed(target) + segment)


class Device:
    """What a plan believes of an interface."""

    def __init__(self, name, flags, where="home"):
        self.name, self.flags, self.where = name, flags, where
        self.persistent = self.up = False
        self.header = 10

    @property
    def tap(self):
        """Has it Ethernet frames?"""
        return bool(self.flags & IFF_TAP) and not self.flags & IFF_TUN


class Plan:
    """A sequence in the making."""

    def __init__(self, rng, theme):
        self.rng, self.theme, self.calls = rng, THEMES[theme], []
        self.open = {}          # slot: Device or None
        self.detached = set()
        self.devices = {}       # name: Device
        self.user = 0
        self.others = False

    # --- choosing ----------------------------------------------------------

    def chance(self, percent):
        """Yes, so often."""
        return self.rng.random() * 100 < percent

    def pick(self, *pairs):
        """One of (weight, value)..."""
        return self.rng.choices([value for _, value in pairs], [weight for weight, _ in pairs])[0]

    def do(self, *operation):
        """Add a call."""
        self.calls.append(operation)

    def slot(self, attached=None):
        """A slot, mostly one that is open and, if so asked, attached or not."""
        fitting = [s for s, d in self.open.items() if attached is None or (d is not None) == attached]
        if fitting and self.chance(93):
            return self.rng.choice(fitting)
        return self.rng.choice(list(self.open) or [0]) if self.chance(90) else self.rng.randrange(SLOTS)

    def device(self):
        """An interface, mostly one that is there: its name and namespace."""
        if self.devices and self.chance(95):
            device = self.rng.choice(list(self.devices.values()))
            return device.name, device.where
        return self.rng.choice(FIXED), "home"

    # --- descriptors -------------------------------------------------------

    def op_open(self):
        """Open one."""
        free = [s for s in range(SLOTS) if s not in self.open] or [self.rng.randrange(SLOTS)]
        slot = self.rng.choice(free)
        where = "other" if self.others and self.chance(25) else "home"
        self.do("open", slot, self.pick((94, "rw"), (3, "r"), (3, "w")), where, not self.chance(6))
        self.forget(slot)
        self.open[slot] = None
        return slot

    def forget(self, slot):
        """A slot is closed."""
        device = self.open.pop(slot, None)
        self.detached.discard(slot)
        if device and device not in self.open.values() and not device.persistent:
            self.devices.pop(device.name, None)

    def op_close(self):
        """Close one."""
        slot = self.slot()
        self.do("close", slot)
        self.forget(slot)

    def op_dup(self):
        """Another descriptor for an open file."""
        slot, to = self.slot(), self.rng.randrange(SLOTS)
        if slot in self.open and to != slot:
            device = self.open[slot]
            self.forget(to)
            self.open[to] = device
        self.do("dup", slot, to)

    def op_fdinfo(self):
        """What /proc tells."""
        self.do("fdinfo", self.slot())

    def op_fcntl(self):
        """Flags, signals."""
        self.do("fcntl", self.slot(), self.pick((3, "getfl"), (2, "block"), (3, "nonblock"), (4, "async"), (2, "sync"),
                                               (2, "getown"), (2, "setsig"), (1, "getsig"), (1, "disown")))
        if self.chance(30):
            self.do("signals")

    def op_async(self):
        """Ask for signals and have reason for them."""
        slot = self.slot(True)
        if self.chance(60):
            self.do("fcntl", slot, "setsig")
        if self.chance(30):
            self.do("memory", slot, 0x5452, struct.pack("<I", self.pick((3, 1), (1, 0))))
        else:
            self.do("fcntl", slot, "async")
        self.op_send()
        if self.chance(30):
            self.op_updown()
        self.do("signals")

    def op_misc(self):
        """What such files refuse."""
        self.do("misc", self.slot(), self.rng.choice(["lseek", "mmap", "fsync", "ftruncate", "splice in", "splice out",
                                                      "fionread"]))

    def op_poll(self):
        """poll(2)"""
        self.do("poll", self.slot(), self.pick((6, 0x3fff), (1, 1), (1, 4), (1, 0)))

    # --- attaching ---------------------------------------------------------

    def good_flags(self):
        """Flags that make an interface."""
        flags = self.pick((55, IFF_TAP), (45, IFF_TUN))
        for percent, flag in ((60, IFF_NO_PI), (35, IFF_VNET_HDR), (self.theme.get("multi", 25), IFF_MULTI_QUEUE),
                              (12, IFF_NAPI), (8, IFF_NO_CARRIER), (5, IFF_ONE_QUEUE), (3, IFF_TUN_EXCL)):
            if self.chance(percent):
                flags |= flag
        if flags & IFF_NAPI and flags & IFF_TAP and self.chance(40):
            flags |= IFF_NAPI_FRAGS
        return flags

    def any_flags(self):
        """Any."""
        flags = self.good_flags()
        for _ in range(self.rng.randint(1, 3)):
            flags ^= self.rng.choice([IFF_TAP, IFF_TUN, IFF_NAPI, IFF_NAPI_FRAGS, IFF_NO_CARRIER, IFF_MULTI_QUEUE,
                                      IFF_ATTACH_QUEUE, IFF_DETACH_QUEUE, IFF_PERSIST, IFF_TUN_EXCL, 4, 8, 0x80])
        return flags

    def op_setiff(self, slot=None):
        """TUNSETIFF: a new interface or one that is there."""
        if slot is None:
            slot = self.slot(False)
        here = list(self.devices.values())
        kind = self.pick((45 if here else 0, "again"), (20, "template"), (28, "fixed"), (7, "strange"))
        flags = self.good_flags() if self.chance(85) else self.any_flags()
        if kind == "again":
            device = self.rng.choice(here)
            name = device.name
            if self.chance(80):
                flags = device.flags & (IFF_TUN | IFF_TAP | IFF_MULTI_QUEUE)
                for flag in (IFF_NO_PI, IFF_VNET_HDR, IFF_NAPI):
                    if bool(device.flags & flag) != self.chance(12):
                        flags |= flag
        else:
            name = self.rng.choice({"template": TEMPLATES, "fixed": FIXED, "strange": STRANGE}[kind])
        self.do("setiff", slot, name, flags, self.pick((96, "memory"), (2, "bad"), (1, "ro"), (1, "null")))
        if slot not in self.open or self.open[slot] is not None or kind == "strange":
            return
        template = {"": "tun%d" if flags & IFF_TUN else "tap%d"}.get(name, name)
        number = 0
        while "%d" in template and template.replace("%d", str(number), 1) in self.devices:
            number += 1
        name = template.replace("%d", str(number), 1)
        device = self.devices.get(name)
        if device is None:
            if flags & (IFF_TUN | IFF_TAP) and not self.user:
                self.devices[name] = self.open[slot] = Device(name, flags)
        elif not flags & IFF_TUN_EXCL and not (flags ^ device.flags) & IFF_MULTI_QUEUE:
            self.open[slot] = device
            if device.flags & IFF_MULTI_QUEUE == 0:
                device.flags = flags

    def op_attach(self):
        """Open and attach, and perhaps more."""
        slot = self.op_open()
        self.op_setiff(slot)
        device = self.open.get(slot)
        if device:
            if self.chance(75):
                self.do("up", device.name)
                device.up = True
            if device.flags & IFF_VNET_HDR and self.chance(40):
                self.op_header(slot)

    def op_getiff(self):
        """TUNGETIFF"""
        self.do("getiff", self.slot(), self.pick((96, "memory"), (2, "bad"), (2, "ro")))

    def op_setqueue(self):
        """TUNSETQUEUE"""
        slot = self.slot(True)
        flags = IFF_ATTACH_QUEUE if slot in self.detached else IFF_DETACH_QUEUE
        if self.chance(12):
            flags = self.rng.choice([IFF_ATTACH_QUEUE, IFF_DETACH_QUEUE, 0, IFF_ATTACH_QUEUE | IFF_DETACH_QUEUE, 0x1000])
        (self.detached.discard if flags & IFF_ATTACH_QUEUE else self.detached.add)(slot)
        self.do("setqueue", slot, flags, self.pick((98, "memory"), (2, "bad")))

    # --- ioctls ------------------------------------------------------------

    def op_persist(self):
        """TUNSETPERSIST"""
        slot = self.slot(True)
        value = self.pick((6, 1), (4, 0), (1, 7), (1, 1 << 32))
        if self.open.get(slot):
            self.open[slot].persistent = bool(value)
        self.do("value", slot, tunabi.TUNSETPERSIST, value)

    def op_owner(self):
        """TUNSETOWNER, TUNSETGROUP"""
        self.do("value", self.slot(True), *self.pick(
            (4, (tunabi.TUNSETOWNER, 1000)), (2, (tunabi.TUNSETOWNER, 1001)), (1, (tunabi.TUNSETOWNER, 0)),
            (1, (tunabi.TUNSETOWNER, 0xffffffff)), (4, (tunabi.TUNSETGROUP, 100)), (2, (tunabi.TUNSETGROUP, 200)),
            (1, (tunabi.TUNSETGROUP, 0xffffffff)), (1, (tunabi.TUNSETGROUP, 0)), (1, (tunabi.TUNSETOWNER, 1 << 32))))

    def op_user(self):
        """Be somebody else."""
        uid = self.pick((4, 0), (4, 1000), (1, 1001))
        gid = self.pick((3, 0), (2, 100), (1, 300)) if uid else 0
        self.user = uid
        self.do("user", uid, gid, self.pick((3, ()), (1, (100,)), (1, (200, 300))))

    def op_value(self):
        """An ioctl with a number."""
        command = self.rng.choice([tunabi.TUNSETNOCSUM, tunabi.TUNSETDEBUG, tunabi.TUNSETLINK, tunabi.TUNSETLINK])
        value = self.rng.choice(TYPES) if command == tunabi.TUNSETLINK else self.rng.choice([0, 1, 0x7fff])
        if command == tunabi.TUNSETDEBUG:
            value = 0x40000000      # no message that the kernel has, so as not to fill its log
        slot = self.slot()
        if command == tunabi.TUNSETLINK and self.chance(60) and self.open.get(slot):
            self.do("down", self.open[slot].name, self.open[slot].where)
        self.do("value", slot, command, value)

    def op_offload(self):
        """TUNSETOFFLOAD"""
        flags = self.pick((3, self.rng.randrange(128)), (3, 0x7), (1, 0xf), (2, 0x67), (1, 0), (1, 1), (1, 0x80),
                          (1, 1 << 32), (1, 0x21), (1, 0x17))
        self.do("value", self.slot(True), tunabi.TUNSETOFFLOAD, flags)

    def op_header(self, slot=None):
        """TUNSETVNETHDRSZ"""
        slot = self.slot(True) if slot is None else slot
        size = self.pick((3, 10), (4, 12), (1, 20), (1, 9), (1, 0), (1, -1), (1, 64), (1, 3000))
        if self.open.get(slot) and size >= 10:
            self.open[slot].header = size
        self.do("integer", slot, tunabi.TUNSETVNETHDRSZ, size, "memory")

    def op_integer(self):
        """An ioctl with a pointer to an int."""
        command = self.rng.choice(tunabi.INT_IN + tunabi.INT_OUT)
        value = {tunabi.TUNSETSNDBUF: [1, 2, 2000, 100000, 0x7fffffff, 0, -1],
                 tunabi.TUNSETVNETHDRSZ: [10, 12, 20, 9, 0, -1], tunabi.TUNSETIFINDEX: [70001, 70002, 1, -1, 0],
                 }.get(command, [0, 1, 2, -1])
        slot = self.slot(False) if command == tunabi.TUNSETIFINDEX and self.chance(70) else self.slot()
        size = self.rng.choice(value)
        if command == tunabi.TUNSETVNETHDRSZ and self.open.get(slot) and size >= 10:
            self.open[slot].header = size
        self.do("integer", slot, command, size, self.pick((94, "memory"), (3, "bad"), (3, "ro")))

    def op_filter(self):
        """Classic and other filters."""
        slot = self.slot(True)
        kind = self.rng.randrange(4)
        if kind == 0:
            addresses = tuple(self.rng.choices(MACS, k=self.pick((1, 1), (2, 2), (1, 12))))
            if self.chance(20):
                addresses = tuple(MACS[3:] * 6)
            count = self.pick((8, None), (1, 0), (1, 0xffff))
            self.do("txfilter", slot, self.pick((3, 0), (1, 1), (1, 0xffff)), addresses, count)
        elif kind == 1:
            self.do("attachfilter", slot, self.pick((3, "accept"), (2, "drop"), (2, "first 30"), (2, "long ones"),
                                                    (1, "invalid"), (1, "endless"), (1, "empty"), (1, "too long"),
                                                    (1, "null"), (1, "nowhere")))
        elif kind == 2:
            self.do("memory", slot, tunabi.TUNDETACHFILTER, bytes(16), self.pick((3, "memory"), (1, "bad")))
        else:
            self.do("getfilter", slot, self.pick((5, "memory"), (1, "bad"), (1, "ro")))

    def op_ebpf(self):
        """Programs for steering and filtering."""
        command = self.rng.choice([tunabi.TUNSETSTEERINGEBPF, tunabi.TUNSETFILTEREBPF])
        self.do("ebpf", self.slot(True), command, self.pick((3, "none"), (1, "closed"), (1, "file"), (1, "xdp"), (2, 0),
                                                           (2, 1), (2, 30), (2, 65535)),
                self.pick((97, "memory"), (3, "bad")))

    def op_unknown(self):
        """An ioctl that does not exist, or any with a bad pointer."""
        if self.chance(50):
            self.do("memory", self.slot(), self.rng.choice(UNKNOWN), bytes(64), self.pick((4, "memory"), (1, "bad")))
        else:
            command = self.rng.choice([c for c in tunabi.COMMANDS if c not in tunabi.BY_VALUE + (
                tunabi.TUNSETIFF, tunabi.TUNATTACHFILTER, tunabi.SIOCGSKNS, tunabi.TUNGETDEVNETNS)])
            self.do("memory", self.slot(), command, bytes(64), "bad")

    def op_netns_of(self):
        """Descriptors of namespaces."""
        self.do("netns_of", self.slot(), self.rng.choice([tunabi.SIOCGSKNS, tunabi.TUNGETDEVNETNS]))

    def op_hwaddr(self):
        """The address by the descriptor."""
        if self.chance(50):
            self.do("gethwaddr", self.slot(), self.pick((95, "memory"), (5, "bad")))
        else:
            mac = self.rng.choice(MACS[:2] if self.chance(70) else BAD_MACS)
            self.do("sethwaddr", self.slot(True), self.pick((9, 1), (1, 0), (1, 0xfffe)), mac,
                    self.pick((95, "memory"), (5, "bad")))

    # --- frames ------------------------------------------------------------

    def packet(self, summed=True, large=None):
        """(protocol, packet, where its sum is to start, the sum's offset, how much is header)"""
        rng = self.rng
        port = rng.choice([1000, 1001, 1002, 4000])
        size = large or rng.choice([0, 1, 18, 46, 100, 700, 1400])
        payload = frame.PATTERN[port & 0xff:][:size]
        version = self.pick((3, 4), (2, 6))
        ends = ("10.1.0.1", "10.1.0.2") if version == 4 else ("fd01::1", "fd01::2")
        head = 20 if version == 4 else 40
        kind = self.pick((3, "udp"), (3, "tcp"))
        if kind == "udp":
            data = udp(payload, *ends, port, 53, summed, version)
            return (0x800 if version == 4 else 0x86dd), data, head, 6, head + 8
        data = tcp(payload, *ends, port, 80, self.pick((3, 0x10), (1, 0x18), (1, 2)), 1, summed, version)
        return (0x800 if version == 4 else 0x86dd), data, head, 16, head + 20

    def ether(self, data, protocol):
        """Ethernet around a packet, perhaps with a VLAN tag."""
        to = self.rng.choice(MACS)
        if self.chance(8):
            data, protocol = struct.pack("!HH", self.rng.choice([5, 0x6007]), protocol) + data, 0x8100
        return frame.ethernet(data, to, frame.PEER, protocol)

    def payload(self, tap):
        """A frame or packet and, if it is to have one, a header that fits it: (bytes, protocol, header)."""
        kind = self.pick((60, "whole"), (12, "sum"), (14, "segments"), (14, "odd"))
        if kind == "odd":
            size = self.rng.choice(SIZES + [4096, 9000, 65535, 65558])
            start = self.pick((2, b"\x45"), (1, b"\x60"), (1, b"\xff"), (1, b"\x00"))
            data = (start * 64 + frame.PATTERN * 2)[:size]
            return data, self.pick((1, 0x800), (1, 0x88b5), (1, 0)), self.odd_header()
        large = self.rng.choice([2000, 5000, 30000]) if kind == "segments" else None
        protocol, data, start, offset, head = self.packet(kind == "whole", large)
        if tap:
            before = len(data)
            data = self.ether(data, protocol)
            start, head = start + len(data) - before, head + len(data) - before
        header = tunabi.VNET.pack(0, 0, 0, 0, 0, 0)
        if kind == "whole" and self.chance(15):
            header = tunabi.VNET.pack(HDR_DATA_VALID, 0, self.rng.choice([0, head]), 0, 0, 0)
        if kind == "sum":
            header = tunabi.VNET.pack(HDR_NEEDS_CSUM, GSO_NONE, self.rng.choice([0, head]), 0, start, offset)
        if kind == "segments":
            gso = GSO_UDP_L4 if offset == 6 else GSO_TCPV4 if protocol == 0x800 else GSO_TCPV6
            if offset == 6 and protocol == 0x800 and self.chance(25):
                gso = GSO_UDP
            if offset == 16 and self.chance(15):
                gso |= GSO_ECN
            header = tunabi.VNET.pack(HDR_NEEDS_CSUM, gso, head, self.rng.choice([500, 1000, 1400]), start, offset)
            if self.chance(12):
                header = self.odd_header()
        if header[1] & ~GSO_ECN == GSO_UDP and protocol == 0x86dd:      # the fragments would have random numbers
            header = header[:1] + bytes([GSO_UDP_L4]) + header[2:]
        return data, protocol, header

    def odd_header(self):
        """Nearly any header."""
        rng = self.rng
        return tunabi.VNET.pack(rng.choice([0, 0, 1, 2, 3, 4, 0xff]), rng.choice([0, 0, 1, 2, 3, 4, 5, 6, 0x81, 0x80, 0xff]),
                                rng.choice([0, 0, 10, 14, 34, 54, 200, 65535]), rng.choice([0, 1, 500, 1400, 65535]),
                                rng.choice([0, 14, 34, 54, 2000, 65535]), rng.choice([0, 6, 16, 65535]))

    def op_write(self):
        """A frame for the stack."""
        slot = self.slot(True)
        device = self.open.get(slot) or Device("", self.rng.choice([IFF_TUN, IFF_TAP]) | self.good_flags())
        data, protocol, header = self.payload(device.tap)
        pieces = []
        odd = self.chance(8)
        if bool(device.flags & IFF_NO_PI) == odd:
            pieces.append(tunabi.PI.pack(self.pick((8, 0), (1, 0x100), (1, 0xffff)), protocol))
        if bool(device.flags & IFF_VNET_HDR) != odd:
            pieces.append(header + bytes(max(0, device.header - 10)))
        pieces.append(data)
        whole = b"".join(pieces)
        how = self.pick((50, "whole"), (18, "pieces"), (14, "cut"), (6, "many"), (4, "bad"), (3, "half bad"), (3, "nowait"),
                        (1, "at"), (3, "huge"))
        if how == "cut":
            self.do("write", slot, (whole[:self.rng.choice(SIZES)],))
        elif how == "pieces":
            self.do("write", slot, tuple(pieces))
        elif how == "many":
            n = self.rng.choice([14, 100, 1000, 4096])
            self.do("write", slot, tuple(whole[i:i + n] for i in range(0, min(len(whole), 20 * n), n)) or (b"", b""))
        elif how == "huge":
            self.do("write", slot, (whole + bytes(self.rng.choice([65535, 65557 - min(len(whole), 65557), 70000, 140000])),))
        else:
            self.do("write", slot, (whole,), {"whole": "write"}.get(how, how))
        if self.chance(50):
            self.do("hear", device.where if device.name else "home")

    def op_read(self):
        """A frame from the stack."""
        slot = self.slot(True)
        if self.chance(60):
            self.do("read", slot, (2048,))
        elif self.chance(50):
            self.do("read", slot, (self.rng.choice(SIZES),), self.pick((10, "read"), (2, "nowait"), (1, "at")))
        elif self.chance(50):
            self.do("read", slot, tuple(self.rng.choices([1, 4, 10, 12, 14, 60, 1500, 0], k=self.rng.randint(2, 5))))
        else:
            self.do("read", slot, (self.pick((1, 2048), (1, 70000), (1, 20)),), self.pick((1, "bad"), (1, "half bad"),
                                                                                         (2, "read")))

    def op_send(self):
        """The stack sends."""
        name, where = self.device()
        device = self.devices.get(name) or Device(name, IFF_TAP)
        for _ in range(self.pick((6, 1), (3, 3), (1, 12))):
            data, protocol, header = self.payload(device.tap)
            if self.chance(60) and header[:2] == b"\0\0":
                header = None
            self.do("send", name, data[:66000], protocol if not device.tap or self.chance(20) else 0, header, where)

    def op_exchange(self):
        """Send and read."""
        self.op_send()
        for slot, device in self.open.items():
            if device and self.chance(80):
                self.do("read", slot, (self.pick((8, 2048), (2, 70000), (1, 30)),))

    def op_hear(self):
        """What has come."""
        self.do("hear", "other" if self.others and self.chance(40) else "home")

    # --- the interface -----------------------------------------------------

    def op_updown(self):
        """Up or down."""
        name, where = self.device()
        device = self.devices.get(name)
        if device and device.up and self.chance(60):
            device.up = False
            self.do("down", name, where)
        else:
            if device:
                device.up = True
            self.do("up", name, where)

    def op_link(self):
        """Something else that ip(8) can set."""
        name, where = self.device()
        what, value = self.pick((3, ("mtu", self.rng.choice([68, 67, 1280, 1500, 9000, 16370, 16371, 65521, 65522, 65535,
                                                             65536, 0]))),
                                (4, ("txqlen", self.rng.choice([0, 1, 2, 5, 500, 1000]))), (2, ("carrier", 0)),
                                (2, ("carrier", 1)), (1, ("group", 7)), (1, ("alias", "somebody")),
                                (2, ("address", self.rng.choice(MACS[:2]))), (1, ("address", self.rng.choice(BAD_MACS))))
        self.do("link", name, what, value, where)

    def op_flag(self):
        """Flags."""
        name, where = self.device()
        self.do("flag", name, self.rng.choice([0x100, 0x200, 0x80, 0x1000, 0x4]), self.chance(60), where)

    def op_rename(self):
        """Another name, mostly while it is down."""
        name, where = self.device()
        new = self.rng.choice(["ren0", "ren1", "dif1", "tun7", "dum0", "a/b"])
        device = self.devices.get(name)
        if device and device.up and self.chance(50):
            self.do("down", name, where)
            device.up = False
        self.do("link", name, "name", new, where)
        if device and new not in self.devices and new not in ("dum0", "a/b"):
            del self.devices[name]
            device.name = new
            self.devices[new] = device

    def op_delete(self):
        """ip link del"""
        name, where = self.device()
        self.do("delete", name, where)
        device = self.devices.pop(name, None)
        for slot, attached in self.open.items():
            if attached is device:
                self.open[slot] = None

    def op_move(self):
        """To another namespace and back."""
        name, where = self.device()
        to = "home" if where == "other" else "other"
        self.others = True
        self.do("move", name, to, where)
        if name in self.devices:
            self.devices[name].where = to

    def op_end_netns(self):
        """The other namespace ends."""
        if not self.others:
            self.op_move()
        self.do("end_netns")
        self.others = False
        for name in [name for name, device in self.devices.items() if device.where == "other"]:
            device = self.devices.pop(name)
            for slot, attached in self.open.items():
                if attached is device:
                    self.open[slot] = None

    def op_ethtool(self):
        """ethtool sets."""
        name, where = self.device()
        kind = self.rng.randrange(6)
        if kind == 0:       # rx-frames, and once something else
            words = [0] * 23
            words[0], words[2] = 0xf, self.rng.choice([0, 1, 8, 64, 65, 1000])
            if self.chance(20):
                words[1] = 5
            data = struct.pack("23I", *words)
        elif kind == 1:     # features
            bits = self.rng.choice([0x1, 0x8, 0x10000, 0x20000, 0x80, 0x100, 0xffffffff])
            data = struct.pack("II4I", 0x3b, 2, bits, bits if self.chance(50) else 0, 0, 0)
        elif kind == 2:     # speed and duplex
            data = struct.pack("IIBBBB4xb3x32x", 0x4d, self.rng.choice([10, 1000, 25000]), self.rng.choice([0, 1]), 0, 0, 0, 4)
            data += bytes(48)
        elif kind == 3:     # channels
            data = struct.pack("9I", 0x3d, 0, 0, 0, 0, 0, 0, 0, 2)
        elif kind == 4:     # message level
            data = struct.pack("II", 8, 0x40000000)
        else:               # rings
            data = struct.pack("9I", 0x11, 0, 0, 0, 0, 64, 0, 0, 64)
        self.do("ethtool", name, data, where)

    def op_xdp(self):
        """An XDP program."""
        name, where = self.device()
        self.do("xdp", name, self.pick((2, None), (2, 1), (3, 2), (2, 3), (1, 0)), self.pick((3, 0), (2, 4), (2, 2), (1, 1)),
                where)

    def op_state(self):
        """All that can be seen."""
        self.do("state")


COMMON = {"open": 2, "attach": 5, "setiff": 4, "close": 4, "state": 3, "updown": 2, "exchange": 2, "getiff": 2, "poll": 2}
THEMES = {
    # op: weight; "multi" is how often an interface is made with many queues, in per cent.
    "attach": COMMON | {"attach": 12, "setiff": 12, "close": 9, "dup": 4, "getiff": 6, "fdinfo": 4, "persist": 4,
                        "fcntl": 2, "misc": 3, "delete": 2, "rename": 1, "netns_of": 1},
    "ioctls": COMMON | {"value": 6, "offload": 5, "integer": 12, "header": 3, "filter": 9, "ebpf": 4, "unknown": 5,
                        "netns_of": 3, "hwaddr": 7, "persist": 2, "owner": 2, "user": 1},
    "frames": COMMON | {"exchange": 12, "write": 16, "read": 5, "send": 3, "hear": 2, "offload": 4, "header": 2, "link": 2,
                        "integer": 2, "async": 3, "ethtool": 1, "fcntl": 2, "updown": 3},
    "queues": COMMON | {"attach": 14, "setqueue": 14, "exchange": 12, "write": 7, "read": 4, "close": 6, "ebpf": 5,
                        "filter": 4, "persist": 2, "delete": 2, "poll": 4, "link": 3, "multi": 85},
    "interface": COMMON | {"link": 10, "flag": 4, "rename": 4, "delete": 5, "move": 6, "end_netns": 3, "updown": 8,
                           "exchange": 5, "write": 4, "ethtool": 9, "persist": 4, "integer": 3, "netns_of": 3, "hwaddr": 3},
    "users": COMMON | {"user": 12, "owner": 10, "persist": 9, "attach": 12, "setiff": 9, "close": 8, "getiff": 3,
                       "write": 2, "hwaddr": 2, "netns_of": 2, "fdinfo": 1, "multi": 40},
    "xdp": COMMON | {"xdp": 10, "write": 14, "exchange": 8, "attach": 5, "integer": 3, "setqueue": 3, "updown": 3,
                     "move": 1, "link": 2},
}


def sequence(seed, theme, number):
    """The calls of one sequence."""
    plan = Plan(random.Random(f"{seed}/{theme}/{number}"), theme)
    weights = {op: weight for op, weight in plan.theme.items() if op != "multi"}
    length = plan.rng.randint(5, 40)
    if plan.chance(85):
        plan.op_attach()
    while len(plan.calls) < length:
        getattr(plan, "op_" + plan.rng.choices(list(weights), list(weights.values()))[0])()
    plan.do("user", 0, 0, ())
    plan.do("state")
    for where in ("home", "other") if plan.others else ("home",):
        plan.do("hear", where)
    slots = list(plan.open)
    plan.rng.shuffle(slots)
    for slot in slots:
        plan.do("close", slot)
        if plan.chance(25):
            plan.do("state")
    plan.do("names")
    return plan.calls
