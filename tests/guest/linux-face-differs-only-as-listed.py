# SPDX-License-Identifier: BSD-2-Clause
# timeout: 120
"""
Each difference from tun that lib/facetable.py lists does occur, on the kernels it is listed for, in the calls that
stand there for it: one that occurs no more has to go from that table and from doc/clients.md.
"""
import facediff
import facetable
from check import Failure

one, other = facediff.paths()
comparison = facediff.Comparison(facediff.enter(), one, other)
wrong = []
for row in facetable.TABLE.rows:
    if not row.applies():
        continue
    difference, keys, logs = comparison.judge(row.calls)
    if difference:
        wrong += [f"the calls for {row.key} differ in something else:", *comparison.report(difference, logs)]
    elif row.key not in keys:
        wrong.append(f"{row.key} differs no more: remove it from lib/facetable.py and doc/clients.md")
if wrong:
    raise Failure("\n".join(wrong))
