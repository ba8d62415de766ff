# SPDX-License-Identifier: BSD-2-Clause
"""
Each allocation and each copy of writing a frame fails once, of a short one, of one in several pieces, of one that
the stack is to cut up, and of a batch: ENOBUFS or EFAULT or, beyond the interface, nothing; the next write works.
"""
# timeout: 600
import faults

faults.inject("write-short", "write-long", "write-segments", "send-batch")
