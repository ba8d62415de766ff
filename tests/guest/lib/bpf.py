# SPDX-License-Identifier: BSD-2-Clause
"""BPF programs of a few instructions, loaded by the system call itself, and XDP put onto an interface."""
import ctypes
import os
import platform
import socket
import struct

from check import Failure

SYS_BPF = {"x86_64": 321}[platform.machine()]
PROG_LOAD, LINK_CREATE = 5, 28
SOCKET_FILTER, XDP = 1, 6
ATTACH_XDP = 37
XDP_DROP, XDP_PASS, XDP_TX = 1, 2, 3
DRV_MODE = 4
REDIRECT = 23   # the helper bpf_redirect()

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


def load(kind, code):
    """The descriptor of a program, after the verifier."""
    program = ctypes.create_string_buffer(code, len(code))
    licence = ctypes.create_string_buffer(b"GPL")
    log = ctypes.create_string_buffer(4096)
    try:
        return call(PROG_LOAD, struct.pack("<IIQQIIQII16sI", kind, len(code) // 8, ctypes.addressof(program),
                                           ctypes.addressof(licence), 1, len(log), ctypes.addressof(log), 0, 0,
                                           b"test", 0))
    except OSError as e:
        raise Failure(f"the program does not load: {e}: {log.value.decode()}") from e


class Xdp:
    """with Xdp("tap0", returns(XDP_DROP)): native XDP on an interface for a while."""

    def __init__(self, name, code):
        self.name, self.code = name, code
        self.link = -1

    def __enter__(self):
        program = load(XDP, self.code)
        self.link = call(LINK_CREATE, struct.pack("<IIII", program, socket.if_nametoindex(self.name), ATTACH_XDP,
                                                  DRV_MODE) + bytes(48))
        os.close(program)
        return self

    def __exit__(self, *_):
        os.close(self.link)
