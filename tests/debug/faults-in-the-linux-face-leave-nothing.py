# SPDX-License-Identifier: BSD-2-Clause
"""
Each allocation and each copy of what programs do with /dev/net/tap fails once: TUNSETIFF of several kinds, further
queues, detaching, closing, reading, writing, filters, ioctls. The errno tells, nothing is left, the next one works.
"""
# timeout: 600
import faults

faults.inject("tun-new", "tun-layer-3", "tun-many-queues", "tun-queue", "tun-detach", "tun-close", "tun-read",
              "tun-write", "tun-filters", "tun-ioctls")
