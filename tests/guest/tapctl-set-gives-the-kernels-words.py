# SPDX-License-Identifier: BSD-2-Clause
"""
When the kernel refuses a setting tapctl set says which, exits 1, and leaves what came after undone; a word
that is no value is refused before anything is done.
"""
import link
import tap
from check import equal, true
from programs import TAPCTL

with tap.Tap():
    done = link.run(TAPCTL, "set", "tap0", "txqueuelen", 7, "mtu", 100_000, "baudrate", 5, check=False)
    equal(done.returncode, 1, "the exit status")
    true(done.stderr.startswith("tapctl: tap0 (mtu 100000): mtu greater than device maximum; "), f"the words: {done.stderr}")
    equal(link.state("tap0")["txqlen"], 7, "the setting before")
    equal(link.state("tap0")["mtu"], 1500, "the MTU")
    true("baudrate: unknown" in link.run(TAPCTL, "show", "tap0"), "the setting after is not done")

    done = link.run(TAPCTL, "set", "tap0", "address", "01:00:5e:00:00:01", check=False)
    equal(done.returncode, 1, "the exit status")
    true(done.stderr.startswith("tapctl: tap0 (address 01:00:5e:00:00:01): "), f"the words: {done.stderr}")

    done = link.run(TAPCTL, "set", "tap0", "mtu", 1300, "transient", "perhaps", check=False)
    equal(done.returncode, 2, "the exit status")
    true(done.stderr.startswith("tapctl: transient (perhaps): not a value; it takes yes or no\n"), f"the words: {done.stderr}")
    equal(link.state("tap0")["mtu"], 1500, "the MTU")
