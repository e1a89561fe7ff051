# SPDX-License-Identifier: AGPL-3.0-or-later
"""The relay's trees: built by relays, checked by desks (docs/spec/relay.md 6).

`merkle` is the RFC 9162 tree and its proofs, `checkpoint` the signed note that names a tree's
root.  Pure: who stores the hashes brings them as a function.
"""
