# SPDX-License-Identifier: BSD-2-Clause
"""A host at the other end of a tap: answers ARP, neighbour solicitations and pings."""
import os
import select

import frame
import proc

ADDRESS, ADDRESS6 = "10.77.0.2", "fd77::2"


class Responder:
    """Answers while one is `with` it. .asked counts the frames it answered, by Ethernet protocol."""

    def __init__(self, unit, mac=frame.PEER, address=ADDRESS, address6=ADDRESS6):
        self.unit, self.mac, self.address, self.address6 = unit, mac, address, address6
        self.asked = {}
        self.stop = os.eventfd(0, os.EFD_CLOEXEC)
        self.thread = None

    def __enter__(self):
        self.thread = proc.Thread(self.run)
        return self

    def __exit__(self, *_):
        os.eventfd_write(self.stop, 1)
        self.thread.result()
        os.close(self.stop)

    def run(self):
        """The thread: one answer to one frame."""
        while True:
            ready, _, _ = select.select([self.unit, self.stop], [], [])
            if self.stop in ready:
                return
            asked = self.unit.read()
            answer = frame.answer(asked, self.mac, self.address, self.address6)
            if answer:
                kind = frame.protocol(asked)
                self.asked[kind] = self.asked.get(kind, 0) + 1
                self.unit.write(answer)
