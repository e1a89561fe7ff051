# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shared vocabulary: typed ids, instants and the few values that every room uses.

Ids are opaque bytes of a fixed length; a room never makes one up from content.
Instants are whole milliseconds since 1970 in UTC, so that they are the same bytes everywhere.
Glossary: docs/words.md.
"""

from __future__ import annotations

from typing import NewType

OfficeId = NewType("OfficeId", bytes)
"""16 bytes of the hash of the office's root keys (spec/journal.md 2)."""

DeviceId = NewType("DeviceId", bytes)
"""16 bytes of the hash of a device's signing keys (spec/journal.md 3)."""

VaultId = NewType("VaultId", bytes)
"""16 random bytes."""

CommitId = NewType("CommitId", bytes)
"""32 bytes: the hash of a commit's signed header."""

FactId = NewType("FactId", bytes)
"""36 bytes: the commit's id and the entry's index."""

ConversationId = NewType("ConversationId", bytes)
"""16 bytes derived from the person's voice (spec/mailbox.md 4)."""

CaseId = NewType("CaseId", bytes)
"""16 bytes derived from where the fact stands that opened the case (spec/crew.md 13)."""

MessageId = NewType("MessageId", bytes)
"""32 bytes: the hash of the sealed item that carried the message."""

Address = NewType("Address", bytes)
"""32 bytes: where a relay keeps what waits for one reader."""

BlobId = NewType("BlobId", bytes)
"""32 bytes: the commitment of the blob's key."""

Instant = NewType("Instant", int)
"""Milliseconds since 1970-01-01T00:00:00Z."""

COUNTER_BITS = 16
"""The lower bits of a hybrid logical time count what happened within one millisecond."""

OFFICE_ID_BYTES = 16
DEVICE_ID_BYTES = 16
CONVERSATION_ID_BYTES = 16
HASH_BYTES = 32
FACT_ID_BYTES = HASH_BYTES + 4

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def end_of_day(instant: int) -> Instant:
    """Return when the day of an instant ends in UTC; who reads it learns nothing of the hour."""
    return Instant(-(-instant // DAY) * DAY)


def fact_id(commit: bytes, index: int) -> FactId:
    """Return the id of the fact at this index of a commit."""
    return FactId(commit + index.to_bytes(4, "big"))


def instant_of(hlc: int) -> Instant:
    """Return the wall-clock part of a hybrid logical time (spec/journal.md 4)."""
    return Instant(hlc >> COUNTER_BITS)
