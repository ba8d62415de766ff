# SPDX-License-Identifier: BSD-2-Clause
"""
No command of tapctl touches an interface that is not an if_tap one, or that is not there: exit status 1, and
a line that says what to do.
"""
# timeout: 180
import link
from check import equal, true, wait_for
from programs import TAPCTL

link.ip("link", "add", "veth0", "type", "veth", "peer", "name", "veth1")
link.ip("link", "set", "dev", "veth0", "up")
wait_for(lambda: link.state("veth0")["operstate"] == "LOWERLAYERDOWN", "the kernel has noticed that veth1 is down")
commands = (("show",), ("-j", "show"), ("destroy",), ("set", "mtu", "1300"), ("dump", "-c", "1"), ("send", "any.pcap"),
            ("monitor", "count", "1"))
for name, reason in (("veth0", "not an if_tap interface (kind veth)"), ("lo", "not an if_tap interface (no kind)"),
                     ("tap9", "no such interface in this network namespace"),
                     ("a-name-that-is-too-long", "no such interface in this network namespace")):
    before = link.ip("-d", "link", "show")
    for command in commands:
        place = command.index("show") + 1 if "show" in command else 1
        words = [*command[:place], name, *command[place:]]
        done = link.run(TAPCTL, *words, check=False)
        equal((done.returncode, done.stdout), (1, ""), f"exit status and output of {words}")
        true(done.stderr.startswith(f"tapctl: {name}: {reason}; `tapctl list` shows those"), f"{words}: {done.stderr}")
        equal(done.stderr.count("\n"), 1, "the number of lines")
    equal(link.ip("-d", "link", "show"), before, "the interfaces")
