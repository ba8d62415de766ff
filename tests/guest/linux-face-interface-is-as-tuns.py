# SPDX-License-Identifier: BSD-2-Clause
# optional: IFTAP_SEQUENCE may ask for another theme's sequence
# timeout: 240
"""
What ip(8) and ethtool(8) do to an interface, moving it to another namespace and that one's end included, comes to
the same on /dev/net/tap as on /dev/net/tun: generated sequences of calls, made to both, every result and every
field of every interface compared. What may differ is in lib/facetable.py.
"""
import facediff

facediff.sequences("interface", 60)
