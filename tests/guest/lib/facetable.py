# SPDX-License-Identifier: BSD-2-Clause
"""
Every difference between /dev/net/tun and /dev/net/tap that is meant, in one place. doc/clients.md lists the same
keys for its readers (tests/unit/face-differences holds the two together), and a difference of this table that no
longer occurs fails linux-face-differs-only-as-listed: its row goes then.
"""
import platform
import struct

import facegen
import frame
import tunabi


def kernel():
    """(6, 12)"""
    return tuple(int(n) for n in platform.release().split(".")[:2])


class Row:
    """One difference."""

    def __init__(self, key, reason, matches, calls, before=None, ends=False):
        """
        @matches: a function of a facediff.Difference; @calls: a sequence that shows it; @before: the first kernel that
        has it no more; @ends: what follows in a sequence cannot be compared.
        """
        self.key, self.reason, self.matches, self.calls = key, reason, matches, calls
        self.before, self.ends = before, ends

    def applies(self):
        """On this kernel?"""
        return self.before is None or kernel() < self.before

    def kernels(self):
        """As doc/clients.md has it."""
        return "all" if self.before is None else "before " + ".".join(map(str, self.before))


class Table:
    """Rows, of which the first that matches counts."""

    def __init__(self, rows):
        self.rows = rows

    def find(self, difference):
        """The row of a facediff.Difference, or None."""
        for row in self.rows:
            if row.applies() and row.matches(difference):
                return row
        return None


def field(name, a=None, b=None):
    """Matches a field of an interface's state, with these values if any are given."""
    return lambda d: d.field is not None and d.field[2] == name and a in (None, d.a) and b in (None, d.b)


def fields(names, a=None, b=None):
    """Any of several."""
    return lambda d: any(field(name, a, b)(d) for name in names.split(", "))


def either(*matchers):
    """Any of these."""
    return lambda d: any(matches(d) for matches in matchers)


def outcome(result):
    """0, a number, or an errno, of what a call has logged."""
    return result[0] if isinstance(result, tuple) and result else result


def call(name, a=None, b=None, when=lambda *_: True):
    """
    Matches what came of a call: @a with tun and @b here, each a value or more in a tuple, if given; @when gets
    the call's arguments.
    """
    def matches(d):
        return (d.operation[0] == name and d.field is None and when(*d.operation[1:]) and
                all(wanted is None or outcome(result) in (wanted if isinstance(wanted, tuple) else (wanted,))
                    for wanted, result in ((a, d.a), (b, d.b))))
    return matches


def earlier(d, name, slot=None):
    """The calls before of that name, of the descriptor in @slot if that is given: [(arguments, tun's result, ours)]"""
    return [(op[1:], outcome(a), outcome(b)) for (op, a), (_, b) in zip(*d.before)
            if op[0] == name and (slot is None or slot == op[1])]


def ethtool_command(*commands):
    """For call()'s @when: it is one of these."""
    return lambda _, data, *__: struct.unpack_from("I", data)[0] in commands


def had_another(d):
    """Was the descriptor's interface destroyed, in a way other than by closing it?"""
    return (any(b == 0 for _, _, b in earlier(d, "setiff", d.operation[1])) and
            any(b in (0, "held") for name in ("delete", "end_netns") for _, _, b in earlier(d, name)))


def failed_filter(d):
    """Has a TUNATTACHFILTER failed?"""
    return any(b != 0 for _, _, b in earlier(d, "attachfilter"))


def attached_under_filter(d):
    """Did a queue come to an interface that has a classic filter, and was to have that too?"""
    filtered = False
    for (op, a), (_, b) in zip(*d.before):
        if outcome(a) != 0 or outcome(b) != 0:
            continue
        if op[0] == "attachfilter":
            filtered = True
        elif op[0] == "memory" and op[2] == tunabi.TUNDETACHFILTER:
            filtered = False
        elif filtered and (op[0] == "setiff" and not op[3] & tunabi.IFF_NOFILTER or
                           op[0] == "setqueue" and op[2] & tunabi.IFF_ATTACH_QUEUE):
            return True
    return False


def without_length(d):
    """Was the queue's length set to 0, and could one frame be had or not for that?"""
    return (any(args[1:3] == ("txqlen", 0) and b == 0 for args, _, b in earlier(d, "link")) and
            either(call("send", "ENOBUFS", 0), lambda d: call("read", "EAGAIN")(d) and isinstance(outcome(d.b), int),
                   lambda d: fields("tx_dropped, tx_packets, tx_bytes")(d), call("poll"), call("signals"))(d))


def left_frames(d):
    """More frames dropped, after a queue was given up, or read() had no room for what goes before a frame."""
    return (field("tx_dropped")(d) and (d.b or 0) > (d.a or 0) and
            (any(earlier(d, name) for name in ("close", "setqueue", "open", "dup")) or
             any(b == "EINVAL" for _, _, b in earlier(d, "read"))))


def only_listed_files(d):
    """The directory, and no more."""
    return field("sysfs files")(d) and set(d.a.split()) ^ set(d.b.split()) == {"if_tap"}


def only_speed(d):
    """Link settings that begin with another speed, tun's default of old."""
    return (field("link settings")(d) and isinstance(d.a, str) and isinstance(d.b, str) and d.a[8:] == d.b[8:] and
            (d.a[:8], d.b[:8]) == ("0a000000", "10270000"))


def has_udp_segments(data):
    """A header says so, at the beginning or after struct tun_pi."""
    return any(data[at:at + 1] and data[at] & 0x7f == tunabi.GSO_UDP_L4 for at in (1, 5))


def only_header_lengths(d):
    """What was heard is the same but for hdr_len in the virtio headers of packet sockets."""
    def rest(heard):
        return [(*one[:7], one[7][:4] + one[7][8:], one[8]) if len(one) == 9 else one for one in heard]
    return d.operation[0] == "hear" and rest(d.a) == rest(d.b)


TAP, TUN, NO_PI, VNET_HDR, MULTI_QUEUE, NAPI = 2, 1, 0x1000, 0x4000, 0x100, 0x10
NAPI_FRAGS, USO = tunabi.IFF_NAPI_FRAGS, tunabi.TUN_F_USO4 | tunabi.TUN_F_USO6
MADE = [("open", 0), ("setiff", 0, "dif0", TAP | NO_PI), ("up", "dif0"), ("state",)]
MANY = [("open", 0), ("setiff", 0, "dif0", TAP | NO_PI | MULTI_QUEUE), ("up", "dif0"),
        ("open", 1), ("setiff", 1, "dif0", TAP | NO_PI | MULTI_QUEUE)]
UDP = facegen.udp(bytes(2000), "10.1.0.1", "10.1.0.2", 1000, 53, False)
TCP = facegen.tcp(bytes(30000), "10.1.0.1", "10.1.0.2", 1000, 80, summed=False)
FRAME = frame.ethernet(bytes(46), b"\2\0\x5e\x10\0\2", frame.PEER, 0x88b5)

TABLE = Table([
    # What an interface looks like
    Row("driver-name", "Programs that look for it shall find out with whom they deal.",
        field("driver", "tun", "if_tap"), MADE),
    Row("driver-version", "It is this driver's.", field("version", "1.6"), MADE),
    Row("link-kind", "The kind tun belongs to the kernel's driver, which may be loaded too.",
        field("kind", "tun", "if_tap"), MADE),
    Row("statistics-of-the-driver", "Each cause of a loss is counted under its own name.",
        lambda d: field("number of statistics", 0)(d) and d.b > 0, MADE),
    Row("statistics-of-losses",
        "Each frame lost counts once, as an error or as dropped by its cause; tun counts some of what write() "
        "refuses, under names of its own.",
        fields("rx_errors, rx_dropped, rx_length_errors, rx_frame_errors"),
        MADE + [("write", 0, (b"short",)), ("state",)]),
    Row("statistics-of-frames-left",
        "A frame that a queue had when it was closed or that read() had no room for is lost, and counts "
        "as dropped.", left_frames,
        [("open", 0), ("setiff", 0, "dif0", TAP | NO_PI), ("value", 0, tunabi.TUNSETPERSIST, 1), ("up", "dif0"),
         ("send", "dif0", FRAME), ("close", 0), ("state",)]),
    Row("address-is-permanent", "udev gives an interface whose address is random another one.",
        either(field("sysfs addr_assign_type", "1", "0"), lambda d: field("perm_address")(d) and d.a is None), MADE),
    Row("sysfs-directory", "What only this driver tells stands there.", only_listed_files, MADE),
    Row("vlan-tags", "Tags are in the frame already when it gets to the driver.",
        lambda d: fields("feature tx-vlan-hw-insert, feature tx-vlan-stag-hw-insert")(d) and d.b is None, MADE),
    Row("message-level", "debug.if_tap_debug is the level, for all units.",
        either(field("message level", None, "ENOTSUP"), call("ethtool", 0, "ENOTSUP", ethtool_command(7, 8))), MADE),
    Row("coalesce", "tun's rx-frames has no effect on what write() does.",
        either(field("coalesce", None, "ENOTSUP"), call("ethtool", 0, "ENOTSUP", ethtool_command(0xe, 0xf))), MADE),
    Row("queues-keep-their-numbers",
        "A queue is where its descriptor's ring and flows are; tun moves the last one into a gap.",
        field("real queues"), MANY + [("close", 0), ("state",)]),

    # What calls do
    Row("napi-frags", "It exercises parsers and serves nobody.",
        call("setiff", None, ("EINVAL", "EPERM"), lambda _, __, flags, *___: flags & NAPI_FRAGS),
        [("open", 0), ("setiff", 0, "dif0", TAP | NO_PI | NAPI | NAPI_FRAGS)], ends=True),
    Row("napi-frags-feature", "As above.",
        lambda d: call("integer", 0, 0, lambda _, command, *__: command == tunabi.TUNGETFEATURES)(d) and
        d.a[1] ^ d.b[1] == NAPI_FRAGS, [("open", 0), ("integer", 0, tunabi.TUNGETFEATURES, 0)]),
    Row("attach-again",
        "tun keeps a queue's number where it keeps the index that is asked for, so that it fails or not by chance.",
        lambda d: call("setiff", "EBUSY", 0)(d) and had_another(d),
        MANY + [("delete", "dif0"), ("setiff", 1, "dif1", TAP | NO_PI)], ends=True),
    Row("large-frames",
        "No frame is longer than 65557 bytes, which is what an IP packet with an Ethernet header and two tags needs.",
        call("write", None, "EMSGSIZE", lambda _, pieces, *__: sum(map(len, pieces)) > 65557),
        MADE + [("write", 0, (FRAME + bytes(70000),))], ends=True),
    Row("xdp-while-down",
        "A frame that cannot come in is not looked at; tun runs the program before it looks whether it can.",
        lambda d: call("write", None, "EIO")(d) and isinstance(d.a, int) and
        any(b == 0 and args[1] is not None for args, _, b in earlier(d, "xdp")),
        [("open", 0), ("setiff", 0, "dif0", TAP | NO_PI), ("xdp", "dif0", 1), ("write", 0, (FRAME,))], ends=True),
    Row("filter-that-failed",
        "TUNGETFILTER tells of the filter there is; tun of what it was given last, refused or not.",
        lambda d: failed_filter(d) and call("getfilter", 0, 0)(d),
        MADE + [("attachfilter", 0, "accept"), ("attachfilter", 0, "invalid"), ("getfilter", 0)]),
    Row("filter-of-later-queues",
        "With a filter in force, tun's TUNSETIFF without IFF_NOFILTER and TUNSETQUEUE return 0 but attach nothing.",
        attached_under_filter,
        [("open", 0), ("setiff", 0, "dif0", TAP | VNET_HDR | MULTI_QUEUE), ("attachfilter", 0, "accept"), ("open", 1),
         ("setiff", 1, "dif0", TAP | VNET_HDR | MULTI_QUEUE), ("getiff", 1)], ends=True),
    Row("queue-of-length-0", "It has room for one frame, or the interface would be of no use.", without_length,
        [("open", 0), ("setiff", 0, "dif0", TAP | NO_PI), ("link", "dif0", "txqlen", 0), ("up", "dif0"),
         ("send", "dif0", FRAME), ("read", 0, (100,))], ends=True),
    Row("filter-while-detached", "A filter is checked when it is given; tun does so when it has a queue for it.",
        lambda d: call("attachfilter", 0)(d) and d.b != 0 and any(b == 0 for _, _, b in earlier(d, "setqueue")),
        [*MANY, ("setqueue", 0, tunabi.IFF_DETACH_QUEUE), ("setqueue", 1, tunabi.IFF_DETACH_QUEUE),
         ("attachfilter", 0, "invalid")], ends=True),
    Row("length-of-headers",
        "What a packet socket tells of it is how much of a frame lies in one piece, and a hint only.",
        only_header_lengths,
        [("open", 0), ("setiff", 0, "dif0", TUN | NO_PI | VNET_HDR), ("up", "dif0"),
         ("write", 0, (tunabi.VNET.pack(tunabi.HDR_NEEDS_CSUM, tunabi.GSO_TCPV4, 40, 1400, 20, 16) + TCP,)), ("hear",)]),

    # Where tun was different once
    Row("permission", "Since then, an interface without owner and group is the administrator's.",
        lambda d: call("setiff", (0, "EBUSY"), "EPERM")(d) or d.operation == ("noted", "attaching to nobodys"),
        [("open", 0), ("setiff", 0, "dif0", TAP | NO_PI), ("value", 0, tunabi.TUNSETPERSIST, 1), ("close", 0),
         ("user", 1000, 0, ()), ("open", 0), ("setiff", 0, "dif0", TAP | NO_PI)], before=(6, 12), ends=True),
    Row("udp-segmentation-offload", "tun has it since.",
        call("value", "EINVAL", 0,
             lambda _, command, value, *__: command == tunabi.TUNSETOFFLOAD and value & USO == USO),
        MADE + [("value", 0, tunabi.TUNSETOFFLOAD, tunabi.TUN_F_CSUM | USO)], before=(6, 12), ends=True),
    Row("udp-segmentation-feature", "As above.",
        field("feature tx-udp-segmentation"), MADE, before=(6, 12)),
    Row("udp-segmentation-frames", "As above.",
        call("write", "EINVAL", None, lambda _, pieces, *__: has_udp_segments(b"".join(pieces))),
        [("open", 0), ("setiff", 0, "dif0", TUN | NO_PI | VNET_HDR), ("up", "dif0"),
         ("write", 0, (tunabi.VNET.pack(tunabi.HDR_NEEDS_CSUM, tunabi.GSO_UDP_L4, 28, 500, 20, 6) + UDP,))],
        before=(6, 12), ends=True),
    Row("lockless",
        "Where the kernel shows it, it is a choice of the driver's.", field("feature tx-lockless"), MADE,
        before=(6, 12)),
    Row("nowait", "tun takes RWF_NOWAIT since.",
        either(*(call(name, "ENOTSUP", None, lambda _, __, how="", *___: how == "nowait")
                 for name in ("read", "write"))),
        MADE + [("read", 0, (100,), "nowait")], before=(6, 12), ends=True),
    Row("default-speed", "tun's is 10 Gbit/s since, which bridges and bonds rely on.",
        either(field("sysfs speed", "10", "10000"), only_speed), MADE, before=(6, 12)),
    Row("channels", "tun tells how many queues there are since.",
        lambda d: field("channels", "ENOTSUP")(d) and d.b != "ENOTSUP", MADE, before=(6, 12)),
])
