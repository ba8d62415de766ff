# SPDX-License-Identifier: BSD-2-Clause
"""Two network namespaces with a cable between them, for what needs two ends."""
import link
import proc
from program import inside

HERE, THERE = "192.0.2.1", "192.0.2.2"
NAME = "wire"


def laid():
    """This namespace and a new one, which is returned, have HERE and THERE on the ends of a cable."""
    other = proc.Netns()
    link.ip("link", "add", NAME, "type", "veth", "peer", "name", NAME, "netns", other.path())
    for address, namespace in ((HERE, None), (THERE, other)):
        with inside(namespace):
            link.ip("link", "set", "lo", "up")
            link.ip("address", "add", f"{address}/24", "dev", NAME)
            link.ip("link", "set", NAME, "up")
    for namespace in (None, other):
        with inside(namespace):
            link.wait_ready(NAME)
    return other
