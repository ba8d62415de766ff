# SPDX-License-Identifier: BSD-2-Clause
# netns: init
"""
Of the frames that wait when a vmnet is closed the oldest 50 stay and the rest is counted as tx_purged; sent to
it while closed, 50 are kept and the rest counted as tx_queue_full. The next opener reads them, oldest first,
however small their number. `down` loses them, counted as tx_purged.
"""
import frame
import link
import packet
import proc
import tap
from check import equal

with link.Sysctl("net/link/tap/vmnet_hold", 0), proc.Netns():
    link.quiet()

    def send(*numbers):
        """Frames with these numbers."""
        packet.send("vmnet0", *(frame.numbered(n) for n in numbers))

    def reopen():
        """Open, read all, close; their numbers."""
        with tap.Tap(kind="vmnet") as again:
            return [frame.number(f) for f in again.drain()]

    with tap.Tap(kind="vmnet"):
        link.up("vmnet0")
        send(*range(80))
    equal(link.counters("vmnet0")["tx_purged"], 30, "tx_purged of 80 frames")
    equal(reopen(), list(range(50)), "the frames kept of 80")
    equal(reopen(), [], "the frames left")

    before = link.counters("vmnet0")
    send(*range(60))
    equal(link.counted("vmnet0", before), {"tx_queue_full": 10}, "what was counted of 60 sent while closed")
    equal(reopen(), list(range(50)), "the frames kept of 60")

    with tap.Tap(kind="vmnet"):
        send(*range(20))
    before = link.counters("vmnet0")
    send(*range(20, 60))
    equal(link.counted("vmnet0", before), {"tx_queue_full": 10}, "what was counted of 40 beside 20")
    equal(reopen(), list(range(50)), "the frames kept of 20 and 40")

    send(1, 2, 3)
    before = link.counters("vmnet0")
    link.down("vmnet0")
    equal(link.counted("vmnet0", before), {"tx_purged": 3}, "what was counted at down")
    link.up("vmnet0")
    equal(reopen(), [], "the frames after down and up")
