# SPDX-License-Identifier: AGPL-3.0-or-later
"""The work, one room for each noun that a caseworker says.

Pure like the kernel.  Each room has `words`, `events`, `fold` and `decide`; rooms do not
import one another.
"""
