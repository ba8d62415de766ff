# SPDX-License-Identifier: BSD-2-Clause
# optional: IFTAP_SEQUENCE may ask for another theme's sequence
# timeout: 240
"""
Frames of any kind, with and without headers, both ways, by read, write and their like, come out of /dev/net/tap as
they come out of /dev/net/tun: generated sequences of calls, made to both, every result and byte compared. What may
differ is in lib/facetable.py.
"""
import facediff

facediff.sequences("frames", 80)
