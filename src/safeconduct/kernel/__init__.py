# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is true everywhere: words, errors, ports, frames, seals, the journal, the log, sync.

Pure: no clock, randomness, disk, network or threads.  Imports neither rooms nor edges.
"""
