# SPDX-License-Identifier: BSD-2-Clause
"""The Linux face: descriptors of /dev/net/tap."""
import struct

import tap
from tunabi import IFF_NO_PI, IFF_TAP, TUNSETIFF, TUNSETQUEUE

NODE = "/dev/net/tap"


class Tun(tap.Tap):
    """
    tun.Tun() is a new tap interface, tun.Tun("tap5", IFF_TUN) another. The name is there when a queue of it is
    there.
    """

    def __init__(self, name="", kind=IFF_TAP, more=IFF_NO_PI, flags=0):
        super().__init__(path=NODE, flags=flags)
        try:
            answer = self.ioctl(TUNSETIFF, struct.pack("16sH22x", name.encode(), kind | more))
        except OSError:
            self.close()
            raise
        self.name = answer[:16].rstrip(b"\0").decode()

    def queue(self, flags):
        """TUNSETQUEUE."""
        self.ioctl(TUNSETQUEUE, struct.pack("16xH22x", flags))
