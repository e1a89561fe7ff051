# SPDX-License-Identifier: AGPL-3.0-or-later
"""The telephone: Asterisk does the sound and the signalling, this decides, queues and seals.

Asterisk is a separate process of another licence, spoken to over ARI and AudioSocket on this
machine alone.  No number, sound or record of a call is ever written to a disk (docs/spec/phone.md).
"""
