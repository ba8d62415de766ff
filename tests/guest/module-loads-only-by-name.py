# SPDX-License-Identifier: BSD-2-Clause
"""
Nothing that an ordinary user or root of a container can do loads the module: it has no alias for its link kind, a
major number, a device name or a protocol, and `ip link add type if_tap` without it is refused.
"""
import os
import pathlib

import link
import module
import proc
from check import equal, true

equal(link.run("modinfo", "-F", "alias", os.environ["IF_TAP_KO"]), "", "the module's aliases")


def container():
    """Root of his own namespaces."""
    proc.become_container_root()
    said = link.ip_fails("link", "add", "tap5", "type", "if_tap")
    true("Unknown device type" in said or "not supported" in said, f"it is an unknown kind: {said}")


# A debugging kernel starts no modprobe unless it is asked to.
helper = pathlib.Path("/proc/sys/kernel/modprobe")
was = helper.read_text()
helper.write_text("/sbin/modprobe\n")
try:
    module.unload()
    proc.in_child(container)
    equal(module.loaded(), False, "whether the module is loaded")
finally:
    helper.write_text(was)
    module.restore()
