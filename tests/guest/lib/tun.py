# SPDX-License-Identifier: BSD-2-Clause
"""The Linux face: descriptors of /dev/net/tap, and <linux/if_tun.h>'s numbers, written out."""
import struct

import tap

NODE = "/dev/net/tap"
IFF_TUN, IFF_TAP, IFF_NAPI, IFF_MULTI_QUEUE, IFF_NO_PI, IFF_VNET_HDR = 1, 2, 0x10, 0x100, 0x1000, 0x4000
IFF_ATTACH_QUEUE, IFF_DETACH_QUEUE = 0x200, 0x400
TUNSETIFF = 0x400454ca
TUNSETPERSIST = 0x400454cb
TUNSETOWNER = 0x400454cc
TUNSETOFFLOAD = 0x400454d0
TUNSETTXFILTER = 0x400454d1
TUNSETSNDBUF = 0x400454d4
TUNATTACHFILTER, TUNDETACHFILTER = 0x401054d5, 0x401054d6
TUNSETQUEUE = 0x400454d9
TUNSETSTEERINGEBPF, TUNSETFILTEREBPF = 0x800454e0, 0x800454e1


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
