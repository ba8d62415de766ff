# SPDX-License-Identifier: BSD-2-Clause
"""
The user interface's numbers, written out. They are not taken from <net/if_tap.h>: that the module answers
to these very numbers is what every test that uses them shows.
"""
MINOR_VMNET = 0x10000
MINOR_CLONE = 0xfffff
TAP_UNIT_MAX = 65535
VMNET_UNIT_MAX = 255
MRU = 16384
FRAME_MAX = 65557
MTU_MIN, MTU_MAX = 68, 16370
IFT_ETHER = 6

TAPGDEBUG = 0x80047459
TAPSDEBUG = 0x4004745a
TAPSIFINFO = 0x4008745b
TAPGIFINFO = 0x8008745c
TAPGIFNAME = 0x8028745d
TAPSTRANSIENT = 0x40047462
TAPGTRANSIENT = 0x80047463
TAPSRING = 0x40207464
TAPDOORBELL = 0x7465
TAPQUEUE = 0x40047466
TAPSENDBATCH = 0xc0107467
TAPRECVBATCH = 0xc0107468
TAPSVNETHDR = 0x4004745b
TAPGVNETHDR = 0x8004745e
TAPSOFFLOAD = 0x40047469
TAPGOFFLOAD = 0x8004746a
VMIO_SIOCSIFFLAGS = 0x5600
FIONREAD = 0x541b
FIONBIO = 0x5421
FIOASYNC = 0x5452
FIOSETOWN = 0x8901
FIOGETOWN = 0x8903
TIOCSPGRP = 0x5410
TIOCGPGRP = 0x540f
SIOCGIFFLAGS = 0x8913
SIOCGIFADDR = 0x8915
SIOCSIFADDR = 0x8916

# What SIOCGIFFLAGS and VMIO_SIOCSIFFLAGS speak: BSD's interface flags.
UP, BROADCAST, DEBUG, LOOPBACK, POINTOPOINT = 0x1, 0x2, 0x4, 0x8, 0x10
RUNNING, NOARP, PROMISC, ALLMULTI, SIMPLEX, MULTICAST = 0x40, 0x80, 0x100, 0x200, 0x800, 0x8000

# Every counter of `ethtool -S`, and which of the interface's statistics it is part of.
COUNTERS = {
    "tx_packets": "tx.packets", "tx_bytes": "tx.bytes",
    "rx_packets": "rx.packets", "rx_bytes": "rx.bytes",
    "tx_truncated": None,
    "tx_queue_full": "tx.dropped", "tx_queue_bytes": "tx.dropped", "tx_closed": "tx.dropped",
    "tx_purged": "tx.dropped", "tx_expired": "tx.dropped", "tx_other_user": "tx.dropped",
    "tx_no_header": "tx.dropped", "tx_filtered": "tx.dropped", "tx_fault": "tx.dropped", "tx_nomem": "tx.dropped",
    "tx_ring_full": "tx.dropped", "tx_ring_oversize": "tx.dropped", "tx_ring_broken": "tx.dropped",
    "rx_down": "rx.dropped",
    "rx_short": "rx.errors", "rx_long": "rx.errors", "rx_fault": "rx.errors", "rx_nomem": "rx.errors",
    "rx_bad_header": "rx.errors", "rx_no_ip": "rx.errors", "rx_napi_full": "rx.dropped", "rx_xdp": "rx.dropped",
    "ring_broken": None, "ring_doorbells": None, "ring_wakeups": None, "ring_stopped": None, "ring_stalled": None,
}
