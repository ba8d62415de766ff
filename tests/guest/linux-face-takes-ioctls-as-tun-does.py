# SPDX-License-Identifier: BSD-2-Clause
# optional: IFTAP_SEQUENCE may ask for another theme's sequence
# timeout: 240
"""
Every ioctl of the tun family with good and bad arguments comes to the same on /dev/net/tap as on /dev/net/tun:
generated sequences of calls, made to both, every result and every field of every interface compared. What may
differ is in lib/facetable.py.
"""
import facediff

facediff.sequences("ioctls", 80)
