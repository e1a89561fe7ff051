# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tonight, the next days, what runs out, and who goes by whose word (spec/board.md)."""
