# SPDX-License-Identifier: BSD-2-Clause
"""
A small guest that QEMU boots in the test VM, both emulated: see nested-init. It does what it is told. Its files
are those of busybox, ethtool, and data, which DATA is too.
"""
import pathlib
import re
import subprocess
import time

from check import Failure, true
from program import Program

BUILT = pathlib.Path(__file__).resolve().parents[3] / "build/tests/clients"
FILES = [BUILT / name for name in ("vmlinux", "initramfs", "data")]
true(all(file.exists() for file in FILES), f"{BUILT} has what the guest is made of (make client-programs)")
DATA = FILES[-1].read_bytes()


def clock():
    """
    The kernel parameters that spare it measuring its clocks, which takes long and goes wrong: it has the clock
    of the machine it runs on, which was told the rate.
    """
    told = re.search(r"tsc_early_khz=(\d+)", pathlib.Path("/proc/cmdline").read_text(encoding="ascii"))
    true(told, "this machine knows the rate of its clock")
    khz = int(told[1])
    return f"tsc=reliable tsc_early_khz={khz} lpj={khz * 10} nolapic_timer no_timer_check"


class Guest(Program):
    """It runs when this returns, with @arguments of QEMU's besides."""

    def __init__(self, *arguments, **options):
        super().__init__("qemu-system-x86_64", "-nodefaults", "-display", "none", "-no-reboot", "-serial", "stdio",
                         "-machine", "q35", "-bios", "qboot.rom", "-accel", "tcg", "-m", "64M",
                         "-cpu", "qemu64,+rdrand", "-kernel", FILES[0], "-initrd", FILES[1],
                         "-append", f"console=ttyS0 quiet norandmaps panic=-1 reboot=t {clock()}", *arguments,
                         stdin=subprocess.PIPE, **options)

    def booted(self, seconds=240):
        """Wait until it can be told what to do."""
        start = time.monotonic()
        self.says("^ready$", seconds)
        print(f"{time.monotonic() - start:6.1f} s: it has booted")

    def ask(self, command, seconds=60):
        """Have it do something: the status and what it printed, in lines."""
        start, begun = len(self.lines), time.monotonic()
        self.tell(command)
        status = int(self.says(r"^status (\d+)$", seconds, start)[1])
        print(f"{time.monotonic() - begun:6.1f} s: {command}")
        # The console echoes what it is told.
        return status, [line for line in self.lines[start:] if line != command and not line.startswith("status ")]

    def do(self, command, seconds=60):
        """Have it do something that has to succeed: what it printed, in one piece."""
        status, lines = self.ask(command, seconds)
        if status:
            raise Failure(f"the guest's '{command}' ends with status {status}: {lines}")
        return "\n".join(lines)
