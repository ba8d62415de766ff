# SPDX-License-Identifier: BSD-2-Clause
# optional: IFTAP_SEQUENCE may ask for another theme's sequence
# timeout: 240
"""
Owner, group, persistence and capabilities decide on /dev/net/tap as on /dev/net/tun who may attach and what else:
generated sequences of calls by several users, made to both, every result and every field of every interface
compared. What may differ is in lib/facetable.py.
"""
import facediff

facediff.sequences("users", 60)
