# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl help, --help and --version answer on standard output with exit status 0; the list of commands is
complete, and each has a usage of its own.
"""
import link
from check import equal, true
from programs import TAPCTL

text = link.run(TAPCTL, "help")
equal(link.run(TAPCTL, "--help"), text, "the answer to --help")
commands = [line.split()[0] for line in text.splitlines() if line.startswith("  ")]
equal(commands, "list show create destroy set dump send monitor help".split(), "the commands")
for command in commands:
    help_text = link.run(TAPCTL, "help", command)
    true(help_text.startswith("usage: tapctl ") and f" {command}" in help_text.splitlines()[0], f"the usage of {command}")
    equal(link.run(TAPCTL, command, "--help"), help_text, f"the answer to {command} --help")
version = (TAPCTL.parents[2] / "VERSION").read_text().strip()
equal(link.run(TAPCTL, "--version"), f"tapctl {version}\n", "the version")
