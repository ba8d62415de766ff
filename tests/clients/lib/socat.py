# SPDX-License-Identifier: BSD-2-Clause
"""socat between a tunnel interface and UDP, at both ends of a cable."""
import re

import face
import link
import traffic
import wire
from check import Failure, true, wait_for
from program import Program, inside

PORT = 7000
NEAR, FAR = "10.1.0.1", "10.1.0.2"


def tunnel(other, options, told=True):
    """
    socat in this namespace and in @other, with further @options of its address TUN; it makes s0 here and s1
    there. Unless @told our node, it opens /dev/net/tun.
    """
    ends = []
    for name, address, mine, peer, namespace in (("s0", NEAR, wire.HERE, wire.THERE, None),
                                                 ("s1", FAR, wire.THERE, wire.HERE, other)):
        device = f",tun-device={face.NODE}" if told else ""
        ends.append(Program("socat", f"TUN:{address}/24,tun-name={name}{device}{options},iff-up",
                            f"UDP-DATAGRAM:{peer}:{PORT},bind={mine}:{PORT}", netns=namespace))
        with inside(namespace):
            face.used(ends[-1], name)
            # It binds its socket last.
            wait_for(lambda: link.run("ss", "-Huan", "sport", "=", f":{PORT}"), "socat has its socket")
            link.ip("link", "set", name, "mtu", 1400)   # what socat adds has room on the cable
            face.ready(name)
    return ends


def on_the_wire(packets):
    """What socat sent for @packets pings, the payload of its UDP datagrams, of any kind and both ways."""
    capture = traffic.Capture(wire.NAME, f"udp port {PORT}", 2 * packets, "-x")
    traffic.ping(FAR, packets)
    text = capture.program.succeeds()
    found = []
    for packet in re.split(r"^IP .*$", text, flags=re.M)[1:]:
        digits = "".join(re.findall(r"^\s+0x[0-9a-f]+:\s+(.*)$", packet, re.M)).replace(" ", "")
        found.append(bytes.fromhex(digits)[28:])
    if len(found) < 2 * packets:
        raise Failure(f"tcpdump saw {len(found)} datagrams of {packets} pings: {text}")
    return found


def begin_with(found, beginning):
    """Fail unless there are pings among the datagrams, @beginning before the IP header, and nothing of another form."""
    for datagram in found:
        true(datagram.startswith(beginning[:2]), f"{datagram.hex()} begins as {beginning.hex()} does")
    pings = [each for each in found if each.startswith(beginning + b"\x45")]
    true(len(pings) > len(found) / 2, f"most of {[each.hex() for each in found]} are IPv4 after {beginning.hex()}")
