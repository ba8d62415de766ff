# SPDX-License-Identifier: BSD-2-Clause
"""The program that makes each allocation of an operation fail in its turn, and what it says."""
import pathlib
import subprocess

from check import Failure

PROGRAMS = pathlib.Path(__file__).resolve().parents[3] / "build/tests/debug"


def inject(*operations):
    """Press these operations; what it counted is printed, for doc/reliability.md."""
    run("inject", *operations)


def run(program, *arguments):
    """Run one of build/tests/debug; fails when it does, with what it said."""
    done = subprocess.run([PROGRAMS / program, *map(str, arguments)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    print(done.stdout, end="")
    if done.returncode:
        raise Failure(f"{program} {' '.join(map(str, arguments))} ended with status {done.returncode}")
