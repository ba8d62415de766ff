# SPDX-License-Identifier: BSD-2-Clause
"""Everything user space can see of an interface, as {field: value}: rtnetlink, ethtool, sysfs."""
import errno
import functools
import os
import struct

import netlink
from facespace import named

# What rtnetlink calls what it tells; one without a name here goes by its number.
NAMES = {1: "address", 2: "broadcast", 4: "mtu", 5: "link", 6: "qdisc", 10: "master", 13: "txqlen", 16: "operstate",
         17: "linkmode", 20: "ifalias", 27: "group", 30: "promiscuity", 31: "num_tx_queues", 32: "num_rx_queues",
         33: "carrier", 35: "carrier_changes", 39: "proto_down", 40: "gso_max_segs", 41: "gso_max_size", 43: "xdp",
         47: "carrier_up_count", 48: "carrier_down_count", 50: "min_mtu", 51: "max_mtu", 54: "perm_address",
         58: "gro_max_size", 59: "tso_max_size", 60: "tso_max_segs", 61: "allmulti"}
NUMBERS = {"mtu", "txqlen", "group", "promiscuity", "num_tx_queues", "num_rx_queues", "carrier_changes",
           "gso_max_segs", "gso_max_size", "carrier_up_count", "carrier_down_count", "min_mtu", "max_mtu",
           "gro_max_size", "tso_max_size", "tso_max_segs", "allmulti"}
# The name itself; what the address families and the kind of link have to say; the statistics again.
LEFT_OUT = {3, 7, 14, 18, 23, 26}
STATISTICS = """rx_packets tx_packets rx_bytes tx_bytes rx_errors tx_errors rx_dropped tx_dropped multicast collisions
    rx_length_errors rx_over_errors rx_crc_errors rx_frame_errors rx_fifo_errors rx_missed_errors tx_aborted_errors
    tx_carrier_errors tx_fifo_errors tx_heartbeat_errors tx_window_errors rx_compressed tx_compressed rx_nohandler
    rx_otherhost_dropped""".split()
FILES = ["tun_flags", "owner", "group", "addr_assign_type", "name_assign_type", "addr_len", "speed"]
# Indices that calls ask for are this or more, and are compared.
CHOSEN_INDEX = 70000

features = []


def string(data):
    """What stands before the first NUL."""
    return data.split(b"\0")[0].decode("latin-1")


def rtnetlink(space, index, address):
    """What RTM_GETLINK tells, once the carrier has settled; @address gives addresses the names they go by."""
    flags, hatype, attrs = space.settle(index)
    state = {"flags": hex(flags), "type": hatype, "index": index if index >= CHOSEN_INDEX else "any"}
    for kind, data in attrs.items():
        name = NAMES.get(kind, f"attribute {kind}")
        if kind in LEFT_OUT:
            continue
        if name in NUMBERS:
            value = struct.unpack("I", data)[0]
        elif name in ("address", "perm_address"):
            value = address(data)
        elif name == "xdp":     # whether, and how, but not which program by its number
            value = tuple((k, "program" if k >= 4 and any(v) else v.hex()) for k, v in netlink.attributes(data))
        else:
            value = string(data) if name in ("qdisc", "ifalias") else data.hex()
        state[name] = value
    info = dict(netlink.attributes(attrs.get(18, b"")))
    state["kind"] = string(info.get(1, b""))
    numbers = struct.unpack_from(f"{len(attrs[23]) // 8}Q", attrs[23])
    state.update({name: value for name, value in zip(STATISTICS, numbers) if value})
    return state


def feature_names(ask):
    """The kernel's, in the order of their bits."""
    if not features:
        count = struct.unpack_from("I", ask(struct.pack("IIQI", 0x37, 0, 1 << 4, 0)), 16)[0]
        table = ask(struct.pack("III", 0x1b, 4, count) + bytes(32 * count))
        features.extend(string(table[12 + 32 * n:44 + 32 * n]) for n in range(count))
    return features


@functools.lru_cache(100)
def decoded(answer):
    """{"feature tx-checksum-ip-generic": "changeable on"...}"""
    state = {}
    for n, feature in enumerate(features):
        available, wanted, active, never = struct.unpack_from("4I", answer, 8 + 16 * (n // 32))
        bit = 1 << n % 32
        words = [word for word, mask in (("changeable", available), ("wanted", wanted), ("on", active),
                                         ("never", never)) if mask & bit]
        if words:
            state[f"feature {feature}"] = " ".join(words)
    return state


def ethtool_features(ask):
    """For each, can it be changed, is it wanted, is it on."""
    blocks = (len(feature_names(ask)) + 31) // 32
    return decoded(ask(struct.pack("II", 0x3a, blocks) + bytes(16 * blocks)))


def link_settings(ask):
    """ETHTOOL_GLINKSETTINGS, which is asked twice."""
    head = ask(struct.pack("I", 0x4c) + bytes(44))
    if isinstance(head, str):
        return head
    words = -struct.unpack_from("b", head, 15)[0]
    answer = ask(struct.pack("I11xb32x", 0x4c, words) + bytes(12 * words))
    return answer if isinstance(answer, str) else answer[4:].hex()


def ethtool(space, name):
    """What ethtool(8) shows."""
    def ask(request):
        return space.ethtool(name, request, True)

    state = {}
    info = ask(struct.pack("I", 3) + bytes(192))
    if isinstance(info, str):
        state["driver"] = info
    else:
        for n, what in enumerate(("driver", "version", "fw_version", "bus_info", "erom_version")):
            state[what] = string(info[4 + 32 * n:36 + 32 * n])
        for what, value in zip(("priv_flags", "statistics", "tests", "eedump", "regdump"),
                               struct.unpack_from("5I", info, 176)):
            state[f"number of {what}"] = value
    state.update(ethtool_features(ask))
    for what, command, size in (("coalesce", 0xe, 92), ("channels", 0x3c, 36), ("message level", 7, 8), ("link", 0xa, 8),
                                ("time stamps", 0x41, 44), ("rings", 0x10, 36), ("pause", 0x12, 16)):
        answer = ask(struct.pack("I", command) + bytes(size - 4))
        state[what] = answer if isinstance(answer, str) else answer[4:].hex()
    state["link settings"] = link_settings(ask)
    return state


def slurp(path):
    """A file's text, or its errno's name."""
    try:
        fd = os.open(path, os.O_RDONLY)
        try:
            return os.read(fd, 4096).decode("latin-1").rstrip("\n")
        finally:
            os.close(fd)
    except OSError as e:
        return named(e.errno)


def sysfs(name):
    """Its files in /sys/class/net, for the namespace that /sys is of."""
    directory = b"/sys/class/net/" + name.encode("latin-1")
    state = {f"sysfs {file}": slurp(directory + b"/" + file.encode()) for file in FILES}
    lines = slurp(directory + b"/uevent").split("\n")
    state["sysfs uevent"] = " ".join(line for line in lines if not line.startswith("IFINDEX="))
    try:
        state["sysfs files"] = " ".join(sorted(map(os.fsdecode, os.listdir(directory))))
        queues = os.listdir(directory + b"/queues")
    except OSError as e:
        state["sysfs files"] = named(e.errno)
        queues = []
    state["real queues"] = (sum(q.startswith(b"rx") for q in queues), sum(q.startswith(b"tx") for q in queues))
    return state


def interface(space, name, index, address, with_sysfs):
    """All there is, or {} if it is no more."""
    try:
        state = rtnetlink(space, index, address)
    except OSError as e:
        if e.errno != errno.ENODEV:
            raise
        return {}
    state.update(ethtool(space, name))
    if with_sysfs:
        state.update(sysfs(name))
    return state
