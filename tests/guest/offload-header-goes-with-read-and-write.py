# SPDX-License-Identifier: BSD-2-Clause
"""
TAPSVNETHDR 10 or 12 puts a header of that size before each frame of read and write, 0 takes it away; other
sizes are EINVAL. With it the MTU may go to 65521 and a frame have 65557 bytes: 65535, an Ethernet header and two tags.
A header that does not fit its frame, and a write too short for one, are EINVAL and counted. Closing ends all of
it. TAPSOFFLOAD takes only combinations that make sense, and the interface's features follow.
"""
import errno

import abi
import frame
import link
import packet
import tap
from check import equal, raises, true
from offload import ALL, CSUM, HEADER, NEEDS_CSUM, TSO4, TSO6, TSO_ECN, UFO, USO4, USO6

FEATURES = {CSUM: "tx-checksum-ip-generic", TSO4: "tx-tcp-segmentation", TSO6: "tx-tcp6-segmentation",
            TSO_ECN: "tx-tcp-ecn-segmentation", USO4 | USO6: "tx-udp-segmentation"}


def features():
    """Those that are on."""
    lines = link.run("ethtool", "-k", "tap0").splitlines()
    return {line.split(":")[0].strip() for line in lines if line.split(":")[-1].strip().startswith("on")}


link.quiet()
with tap.Tap() as unit:
    link.up("tap0")
    for size in (1, 9, 11, 13, 20, -1, -10, 1 << 20):
        raises(errno.EINVAL, unit.set, abi.TAPSVNETHDR, size)
    for size in (10, 12):
        unit.set(abi.TAPSVNETHDR, size)
        equal(unit.get(abi.TAPGVNETHDR), size, "TAPGVNETHDR")
        packet.send("tap0", frame.numbered(1))
        equal(unit.receive(), bytes(size) + frame.numbered(1), "a frame with its header")
        packet.send("tap0", frame.numbered(2), frame.numbered(3))
        raises(errno.EINVAL, unit.read, size - 1)
        equal(unit.read(size + 20), bytes(size) + frame.numbered(2)[:20], "a truncated frame, not lost before")
        equal(unit.read(), bytes(size) + frame.numbered(3), "the next frame")
        with packet.Capture("tap0") as capture:
            equal(unit.write(bytes(size) + frame.numbered(4)), size + 64, "what write returns")
            equal(capture.receive(), frame.numbered(4), "the frame")
            link.ip("link", "set", "dev", "tap0", "mtu", 65521)
            longest = frame.random(abi.FRAME_MAX)
            unit.write(bytes(size) + longest)
            equal(capture.receive(), longest, "the longest frame")
        before = link.counters("tap0")
        raises(errno.EIO, unit.write, bytes(size) + frame.random(abi.FRAME_MAX + 1))
        raises(errno.EINVAL, unit.write, bytes(size - 1))
        raises(errno.EINVAL, unit.write, bytes(size + 13))
        for header in ((NEEDS_CSUM, 0, 0, 0, 63, 0, 0), (0, 1, 0, 0, 0, 0, 0), (0, 0x33, 0, 1, 0, 0, 0),
                       (0x40, 0, 0, 0, 0, 0, 0)):
            raises(errno.EINVAL, unit.write, HEADER.pack(*header)[:size] + frame.random(64))
        equal(link.counted("tap0", before), {"rx_long": 1, "rx_short": 2, "rx_bad_header": 4}, "the counters")

    for wrong in (TSO4, TSO6, USO4 | USO6, CSUM | TSO_ECN, CSUM | USO4, CSUM | USO6, CSUM | UFO, 1 << 10):
        raises(errno.EINVAL, unit.set, abi.TAPSOFFLOAD, wrong, form="I")
    for bits in (CSUM, CSUM | TSO4, CSUM | TSO6, CSUM | USO4 | USO6, ALL | TSO_ECN, 0):
        unit.set(abi.TAPSOFFLOAD, bits, form="I")
        equal(unit.get(abi.TAPGOFFLOAD, "I"), bits, "TAPGOFFLOAD")
        on = features()
        for bit, name in FEATURES.items():
            equal(name in on, bits & bit == bit, f"{name} with offloads {bits:#x}")
    unit.set(abi.TAPSOFFLOAD, ALL, form="I")

with tap.Tap() as unit:
    equal((unit.get(abi.TAPGVNETHDR), unit.get(abi.TAPGOFFLOAD, "I")), (0, 0), "header and offloads at open")
    equal(link.state("tap0")["mtu"], 16370, "the MTU after close")
    true(not features() & set(FEATURES.values()), "no feature is left on")
    link.up("tap0")
    packet.send("tap0", frame.numbered(5))
    equal(unit.receive(), frame.numbered(5), "a frame without header")
