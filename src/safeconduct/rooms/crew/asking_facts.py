# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts about what waits for a second: an export, an erasure, a take-back (spec/crew.md 1, 14)."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Bytes16, Bytes32, Bytes36, Record

EXPORT_MOST: Final = 1_000
"""Conversations in one export; their ids make 17 KiB of the fact."""
REASON_MOST: Final = 2_000
RECIPIENT_MOST: Final = 200
WHY_MOST: Final = 16
PERSON_ASKED: Final = "person"
OFFICE_DECIDED: Final = "office"


class TakenBack(Record, frozen=True):
    """Who asked for something wants it no more; `hash` is of that fact's bytes."""

    fact: Bytes36
    hash: Bytes32


class ExportAsked(Record, frozen=True):
    """A helper asks to take these conversations out of the office, for whom and why."""

    conversations: Annotated[tuple[Bytes16, ...], Meta(min_length=1, max_length=EXPORT_MOST)]
    reason: Annotated[str, Meta(min_length=1, max_length=REASON_MOST)]
    recipient: Annotated[str, Meta(min_length=1, max_length=RECIPIENT_MOST)]


class ErasureAsked(Record, frozen=True):
    """Somebody asks to erase a case: on the person's wish, or because the office decided so.

    Words of why stand in the case, and go with it.
    """

    case: Bytes16
    why: Annotated[str, Meta(min_length=1, max_length=WHY_MOST)]


class ErasureStopped(Record, frozen=True):
    """Who asked, or a steward, stops it; `hash` is of that fact's bytes."""

    fact: Bytes36
    hash: Bytes32


class CaseErased(Record, frozen=True):
    """This desk destroyed what it held of the case that this fact asked to erase."""

    fact: Bytes36


AskingFact = TakenBack | ExportAsked | ErasureAsked | ErasureStopped | CaseErased
ASKING_FACTS: Final[dict[str, type[AskingFact]]] = {
    "crew.TakenBack": TakenBack,
    "crew.ExportAsked": ExportAsked,
    "crew.ErasureAsked": ErasureAsked,
    "crew.ErasureStopped": ErasureStopped,
    "crew.CaseErased": CaseErased,
}
