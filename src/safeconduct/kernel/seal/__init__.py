# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who can read and who said it (spec/seal.md).

This package re-exports nothing, so that importing `lock` never loads `unlock`:
`keys` and `verify` are for everyone, `sign` for who speaks, `lock` for who seals,
`unlock` for desks, the counter and a line's own door.
"""
