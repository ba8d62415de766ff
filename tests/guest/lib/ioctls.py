# SPDX-License-Identifier: BSD-2-Clause
"""
The ioctls by name, called by this program or by a 32-bit one: CALLERS has both, and what holds for one holds
for the other.
"""
import os
import pathlib

import abi
import link
import proc
from check import true

PROGRAM = pathlib.Path(__file__).resolve().parents[3] / "build/tests/guest/ioctl-32"

# The name of each, the bytes its argument points to, and whether they are read (in) or written (out).
COMMANDS = {
    "TAPGDEBUG": (4, "out"), "TAPSDEBUG": (4, "in"), "TAPGIFINFO": (8, "out"), "TAPSIFINFO": (8, "in"),
    "TAPGIFNAME": (40, "out"), "TAPGTRANSIENT": (4, "out"), "TAPSTRANSIENT": (4, "in"),
    "VMIO_SIOCSIFFLAGS": (0, "none"), "SIOCGIFFLAGS": (2, "out"), "SIOCGIFADDR": (6, "out"),
    "SIOCSIFADDR": (6, "in"), "FIONREAD": (4, "out"), "FIOSETOWN": (4, "in"), "FIOGETOWN": (4, "out"),
    "TIOCSPGRP": (4, "in"), "TIOCGPGRP": (4, "out"),
}


def native(unit, name, argument=b""):
    """
    Call an ioctl, with a pointer to a copy of @argument, or, when that is a number, with it. The bytes as they
    are afterwards.
    """
    number = getattr(abi, name, None) or int(name, 0)
    if isinstance(argument, int):
        proc.raw_ioctl(unit.fd, number, argument)
        return b""
    buffer = bytearray(argument)
    unit.ioctl(number, buffer)
    return bytes(buffer)


def program(unit, verb, argument=""):
    """Have the 32-bit program do something: what the call returned, and the bytes."""
    true(os.access(PROGRAM, os.X_OK), f"{PROGRAM} is there (make guest-programs builds it)")
    os.set_inheritable(unit.fd, True)
    try:
        answer = link.run(PROGRAM, unit.fd, verb, argument, inherit=True)
    finally:
        os.set_inheritable(unit.fd, False)
    result, _, rest = answer.strip().partition(" ")
    if result == "errno":
        raise OSError(int(rest), os.strerror(int(rest)))
    return int(result), bytes.fromhex(rest)


def compat(unit, name, argument=b""):
    """The same from a 32-bit program."""
    return program(unit, name, f"={argument}" if isinstance(argument, int) else argument.hex())[1]


CALLERS = [native, compat]
