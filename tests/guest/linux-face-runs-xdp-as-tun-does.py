# SPDX-License-Identifier: BSD-2-Clause
# optional: IFTAP_SEQUENCE may ask for another theme's sequence
# timeout: 240
"""
XDP programs see, drop, pass and send back the frames of /dev/net/tap as those of /dev/net/tun: generated sequences
of calls, made to both, every result and every field of every interface compared. What may differ is in
lib/facetable.py.
"""
import facediff

facediff.sequences("xdp", 40)
