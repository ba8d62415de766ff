# SPDX-License-Identifier: BSD-2-Clause
"""BPF programs of a few instructions, loaded by the system call itself, and XDP put onto an interface."""
import ctypes
import os
import platform
import socket
import struct

from check import Failure

SYS_BPF = {"x86_64": 321}[platform.machine()]
MAP_CREATE, MAP_LOOKUP, PROG_LOAD, LINK_CREATE = 0, 1, 5, 28
ARRAY = 2       # a kind of map
SOCKET_FILTER, XDP = 1, 6
ATTACH_XDP = 37
XDP_DROP, XDP_PASS, XDP_TX = 1, 2, 3
GENERIC_MODE, DRIVER_MODE = 2, 4
LOOKUP, REDIRECT = 1, 23    # the helpers bpf_map_lookup_elem() and bpf_redirect()

libc = ctypes.CDLL(None, use_errno=True)


def call(command, attributes):
    """bpf(2): what it returns, or OSError."""
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    result = libc.syscall(SYS_BPF, command, buffer, len(attributes))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def instruction(code, dst=0, src=0, offset=0, value=0):
    """One instruction."""
    return struct.pack("<BBhi", code, src << 4 | dst, offset, value)


def mov(register, value):
    """register = value"""
    return instruction(0xb7, register, value=value)


EXIT = instruction(0x95)


def returns(value):
    """A program that returns @value."""
    return mov(0, value) + EXIT


def returns_byte(offset):
    """A socket filter that returns the frame's byte at @offset."""
    return instruction(0xbf, 6, 1) + instruction(0x30, value=offset) + EXIT


def redirects(ifindex):
    """An XDP program that sends every frame to another interface."""
    return mov(1, ifindex) + mov(2, 0) + instruction(0x85, value=REDIRECT) + EXIT


def counter():
    """The descriptor of a map of one number."""
    return call(MAP_CREATE, struct.pack("<IIIII", ARRAY, 4, 8, 1, 0))


def count(fd):
    """The number in counter()'s map."""
    key, value = ctypes.create_string_buffer(4), ctypes.create_string_buffer(8)
    call(MAP_LOOKUP, struct.pack("<IIQQQ", fd, 0, ctypes.addressof(key), ctypes.addressof(value), 0))
    return struct.unpack("<Q", value.raw)[0]


def counts_slowly(fd, turns):
    """An XDP program that drops frames and counts them in counter()'s map: reads, loses time, writes one more."""
    counts = (instruction(0x79, 6, 0) + mov(7, 0) +                                 # r6 = *r0; r7 = 0
              instruction(0x07, 7, value=1) + instruction(0xa5, 7, offset=-2, value=turns) +  # until ++r7 == turns
              instruction(0x07, 6, value=1) + instruction(0x7b, 0, 6))              # *r0 = r6 + 1
    return (instruction(0x62, 10, offset=-4) + instruction(0xbf, 2, 10) + instruction(0x07, 2, value=-4) +
            instruction(0x18, 1, 1, value=fd) + instruction(0) + instruction(0x85, value=LOOKUP) +
            instruction(0x15, 0, offset=len(counts) // 8) + counts + mov(0, XDP_DROP) + EXIT)


def load(kind, code):
    """The descriptor of a program, after the verifier."""
    program = ctypes.create_string_buffer(code, len(code))
    licence = ctypes.create_string_buffer(b"GPL")
    log = ctypes.create_string_buffer(1 << 16)

    def attempt(*logging):
        return call(PROG_LOAD, struct.pack("<IIQQIIQII16sI", kind, len(code) // 8, ctypes.addressof(program),
                                           ctypes.addressof(licence), *logging, 0, 0, b"test", 0))

    try:
        return attempt(0, 0, 0)
    except OSError as e:
        try:
            attempt(1, len(log), ctypes.addressof(log))     # for what the verifier says, which can be much
        except OSError:
            pass
        raise Failure(f"the program does not load: {e}: {log.value.decode()}") from e


class Xdp:
    """with Xdp("tap0", returns(XDP_DROP)): XDP on an interface for a while, native if nothing else is said."""

    def __init__(self, name, code, mode=DRIVER_MODE):
        self.name, self.code, self.mode = name, code, mode
        self.link = -1

    def __enter__(self):
        program = load(XDP, self.code)
        self.link = call(LINK_CREATE, struct.pack("<IIII", program, socket.if_nametoindex(self.name), ATTACH_XDP,
                                                  self.mode) + bytes(48))
        os.close(program)
        return self

    def __exit__(self, *_):
        os.close(self.link)
