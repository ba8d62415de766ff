# SPDX-License-Identifier: BSD-2-Clause
"""
ping(8), over IPv4 and IPv6, reaches a program that answers ARP, neighbour discovery and echo requests through
the tap, with small and with full frames; all of what went and came is counted.
"""
import frame
import link
import responder
import tap
from check import equal, true

with tap.Tap() as unit:
    link.up("tap0", "10.77.0.1/24", "fd77::1/64")
    with responder.Responder(unit) as peer:
        for address in (responder.ADDRESS, responder.ADDRESS6):
            for size in (56, 1400):
                answer = link.run("ping", "-n", "-c", 3, "-i", 0.1, "-W", 20, "-s", size, address)
                true(" 3 received, 0% packet loss" in answer, f"ping says 3 received: {answer}")
    true(peer.asked.get(frame.ARP, 0) >= 1, "the program was asked for its address")
    equal(peer.asked[frame.IPV4], 6, "echo requests over IPv4")
    true(peer.asked[frame.IPV6] >= 7, "echo requests and a neighbour solicitation over IPv6")
    counters = link.counters("tap0")
    equal(counters["rx_packets"], sum(peer.asked.values()), "rx_packets")
    true(counters["tx_packets"] >= sum(peer.asked.values()), "tx_packets covers what was asked")
