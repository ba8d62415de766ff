# SPDX-License-Identifier: BSD-2-Clause
"""The programs that tests run, as make builds them."""
import pathlib

BUILD = pathlib.Path(__file__).resolve().parents[3] / "build"
TAPCTL = BUILD / "tapctl/tapctl"
RING_LIB = BUILD / "tests/guest/ring-lib"
