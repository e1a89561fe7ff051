# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts about what waits for a second: an export asked for, a take-back (spec/crew.md 1 and 12)."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Bytes16, Bytes32, Bytes36, Record

EXPORT_MOST: Final = 1_000
"""Conversations in one export; their ids make 17 KiB of the fact."""
REASON_MOST: Final = 2_000
RECIPIENT_MOST: Final = 200


class TakenBack(Record, frozen=True):
    """Who asked for something wants it no more; `hash` is of that fact's bytes."""

    fact: Bytes36
    hash: Bytes32


class ExportAsked(Record, frozen=True):
    """A helper asks to take these conversations out of the office, for whom and why."""

    conversations: Annotated[tuple[Bytes16, ...], Meta(min_length=1, max_length=EXPORT_MOST)]
    reason: Annotated[str, Meta(min_length=1, max_length=REASON_MOST)]
    recipient: Annotated[str, Meta(min_length=1, max_length=RECIPIENT_MOST)]


AskingFact = TakenBack | ExportAsked
ASKING_FACTS: Final[dict[str, type[AskingFact]]] = {
    "crew.TakenBack": TakenBack,
    "crew.ExportAsked": ExportAsked,
}
