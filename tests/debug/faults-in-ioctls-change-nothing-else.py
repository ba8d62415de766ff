# SPDX-License-Identifier: BSD-2-Clause
"""
Each allocation and each copy of every ioctl of the BSD face fails once: ENOMEM, ENOBUFS or EFAULT, or no error where
it does not matter; the next call works.
"""
# timeout: 600
import faults

faults.inject("ioctl")
