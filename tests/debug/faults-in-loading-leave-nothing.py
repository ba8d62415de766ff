# SPDX-License-Identifier: BSD-2-Clause
"""
Each allocation that loading the module makes fails once: insmod says so with ENOMEM and leaves no trace, and the
next one works. tests/debug/inject.c says how, and what is looked at after each.
"""
# timeout: 600
import faults

faults.inject("load")
