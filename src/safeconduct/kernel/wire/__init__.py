# SPDX-License-Identifier: AGPL-3.0-or-later
"""The frames that a relay may see: bytes to types and back (docs/spec/relay.md).

`bodies` holds every MessagePack body but those of `orders`, which a steward signs, `streams` the
raw ones, `intake` what of a sealed message stands in clear, `refusals` the relay's errors with
their codes and statuses, `work` the puzzle that public calls solve, `waits` what a locked desk may
ask, `timers` what calls a phone with no desk open, `pages` such a call.
No cryptography beyond SHA-256 and HMAC, and no I/O.  Every `parse_x` has a `write_x` beside it and
is strict: what it accepts re-encodes to the same bytes.

Example: `parse_intake_terms(answer)` gives an `IntakeTerms`; `write_submission(...)` the next body.
"""
