# SPDX-License-Identifier: BSD-2-Clause
"""
Everything else is ENOTTY, whatever the argument: vmnet's numbers 1 to 7, BSD's values of the numbers the module
knows, numbers that are like them but of another size or direction, a terminal's and Linux tun's.
"""
import errno

import tap
from check import raises
from ioctls import CALLERS

VMIO = [0x5600 + n for n in range(1, 8)]
BSD = [0x40047459, 0x8004745a, 0x8008745b, 0x4008745c, 0x4020745d, 0x80047462, 0x20005600, 0x20005601, 0x20045600,
       0x4004667f, 0x8004667c, 0x4004667b, 0x80047476, 0x40047477, 0xc0206911, 0xc020690d, 0xc0206921, 0x8020690c]
LIKE = [0x4008745a, 0x8008745a, 0x8024745d, 0x8004745d, 0x7459, 0x745c, 0xc0047459, 0xc008745c, 0x40047463]
OTHERS = [0x5401, 0x5413, 0x400454ca, 0x800454d2, 0x8914, 0x8927, 0x8933, 0xdeadbeef, 0xffffffff]
with tap.Tap() as unit:
    for call in CALLERS:
        for number in VMIO + BSD + LIKE + OTHERS:
            raises(errno.ENOTTY, call, unit, hex(number), bytes(64))
            raises(errno.ENOTTY, call, unit, hex(number), 1)
