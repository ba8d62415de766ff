# SPDX-License-Identifier: BSD-2-Clause
"""
Words that tapctl does not understand are answered on standard error with the word, the usage of the command,
and exit status 2, before anything is done.
"""
# timeout: 180
import link
from check import equal, true
from programs import TAPCTL

WRONG = """frob|-x|-j frob|-j create tap7|-j help|list tap0|show|show tap0 tap1|create|create a/b|create ..
    create tap%d|create a-name-that-is-too-long|create tap7 mtu|create tap7 mtu x|create tap7 mtu -5|create tap7 kind tun
    create tap7 kind vmnet|create vmnet7 kind tap|create tap7 address 02:00:00:00:00|create tap7 address 02-00-00-00-00-00
    create tap7 queues 0|create tap7 queues 257|create tap7 colour red|destroy|destroy tap0 tap1|set|set tap0
    set tap0 mtu|set tap0 colour red|set tap0 mtu 1e3|set tap0 address 0:0:0:0:0:0|set tap0 baudrate 2147483648
    set tap0 transient 2|set tap0 debug loud|set tap0 mtu 1400 mtu 1500
    dump|dump tap0 -c 0|dump tap0 -c|dump tap0 -w|send|send tap0|send tap0 a b
    monitor|monitor tap0 interval|monitor tap0 interval 0|monitor tap0 interval nan
    monitor tap0 count 0|monitor tap0 often|help frob|help list show"""
for line in WRONG.replace("\n", "|").split("|"):
    words = line.split()
    done = link.run(TAPCTL, *words, check=False)
    equal((done.returncode, done.stdout), (2, ""), f"exit status and output of {words}")
    first, *rest = done.stderr.splitlines()
    true(first.startswith("tapctl: "), f"{words}: {first}")
    true(all(text.startswith("usage: tapctl ") for text in rest), f"{words}: {rest}")
equal(link.names(), [], "the interfaces")
