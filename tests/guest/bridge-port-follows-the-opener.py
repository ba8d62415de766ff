# SPDX-License-Identifier: BSD-2-Clause
"""
A tap in a bridge forwards while it is open: frames written into one port come out of the other. Closed, it has
no carrier and its port is disabled; opened again and up, it forwards again. It never leaves the bridge.
"""
import frame
import link
import tap
from check import equal, wait_for

link.quiet()
A, B = bytes.fromhex("0200000000aa"), bytes.fromhex("0200000000bb")


def port(name):
    """The state of a port that is still in the bridge."""
    equal(link.state(name).get("master"), "br0", f"the master of {name}")
    return link.port_state(name)


def forwards(source, target, frame_):
    """What is written here is read there."""
    source.write(frame_)
    equal(target.receive(), frame_, "the frame forwarded")


first, second = tap.Tap(0), tap.Tap(1)
link.bridge("br0", "tap0", "tap1")
forwards(first, second, frame.ethernet(b"broadcast", frame.BROADCAST, A))
forwards(second, first, frame.ethernet(b"back", A, B))
forwards(first, second, frame.ethernet(b"forth", B, A))

second.close()
equal(port("tap1"), "disabled", "the port's state after close")
link.ip("link", "set", "dev", "tap1", "up")
wait_for(lambda: "NO-CARRIER" in link.flags("tap1"), "tap1 is up and closed and lacks carrier")
equal(port("tap1"), "disabled", "the port's state when up and closed")
equal(link.is_up("tap0") and "LOWER_UP" in link.flags("tap0"), True, "whether the other port is well")

second = tap.Tap(1)
wait_for(lambda: port("tap1") == "forwarding", "tap1 forwards again")
link.wait_ready("tap1")
second.drain()
forwards(first, second, frame.ethernet(b"again", frame.BROADCAST, A))
for unit in (first, second):
    unit.close()
