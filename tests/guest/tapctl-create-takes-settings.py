# SPDX-License-Identifier: BSD-2-Clause
"""
tapctl create takes kind, mtu, address and queues, in any order.
"""
import os

import link
from check import equal
from programs import TAPCTL

said = link.run(TAPCTL, "create", "vmnet200", "queues", 8, "address", "02:00:5e:00:00:c8", "mtu", 9000, "kind", "vmnet")
os.unlink("/dev/vmnet200")
equal(said.splitlines()[0], "vmnet200: created, vmnet unit 200, address 02:00:5e:00:00:c8, mtu 9000, queues 8",
      "what create says")
state = link.state("vmnet200")
equal(state["mtu"], 9000, "the MTU")
equal(state["address"], "02:00:5e:00:00:c8", "the address")
equal((state["num_tx_queues"], state["num_rx_queues"]), (8, 8), "the queues")
equal(state["linkinfo"]["info_kind"], "if_tap", "the link kind")
