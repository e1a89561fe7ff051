# SPDX-License-Identifier: AGPL-3.0-or-later
"""One file for each messenger; each has `ASKS` and `channel` (spec/lines.md 6)."""
