# SPDX-License-Identifier: BSD-2-Clause
"""
Each allocation and each copy of reading a frame fails once, of one in one piece, of one in several into several
buffers, and of a batch: the frame is still there for the next read.
"""
# timeout: 600
import faults

faults.inject("read", "read-pieces", "receive-batch")
