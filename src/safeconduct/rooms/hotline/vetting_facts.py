# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of vetting: what was found out about who writes, which gate that passes, what it guards.

All stand in the hotline's vault and belong to the conversation that is their first field, but for
the office's own words (spec/vetting.md 1).  Nothing of them is ever sealed to the person.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes36, Count32, Record

ITEM_MOST: Final = 40
"""Characters of the name of an item of the checklist."""
ITEMS_MOST: Final = 40
PARTS_MOST: Final = 100
"""So many joined conversations one gate covers."""
CLOSINGS_MOST: Final = 200
"""So many withdrawals one gate may know; after more of them no gate is passed any more."""
WORDS_MOST: Final = 50
OFFICE_WORDS_MOST: Final = 300
Holds = Literal["no", "open", "yes"]
ItemName = Annotated[str, msgspec.Meta(min_length=1, max_length=ITEM_MOST)]
GateNumber = Annotated[int, msgspec.Meta(ge=1, le=3)]
PieceId = Annotated[bytes, msgspec.Meta(min_length=16, max_length=36)]


class VettingItemAnswered(Record, frozen=True):
    """A helper says how an item of the checklist stands, as it was read under a version.

    `replaces` names what the writer saw stand of this item.
    """

    conversation: Bytes16
    item: ItemName
    holds: Holds
    note: str
    version: Count32
    replaces: tuple[bytes, ...]


class GateOpened(Record, frozen=True):
    """A helper finds that a gate is passed, why, and on which items of the checklist it rests.

    `covers` are the conversations that were joined with this one then, and `closings` every
    `GateClosed` that the writer knew: one that is not named here takes the gate away.
    """

    conversation: Bytes16
    gate: GateNumber
    reason: str
    rests: Annotated[tuple[ItemName, ...], msgspec.Meta(max_length=ITEMS_MOST)]
    covers: Annotated[tuple[Bytes16, ...], msgspec.Meta(max_length=PARTS_MOST)]
    closings: Annotated[tuple[Bytes36, ...], msgspec.Meta(max_length=CLOSINGS_MOST)]


class GateSeconded(Record, frozen=True):
    """Somebody else says so too; `opening` is a `GateOpened`."""

    conversation: Bytes16
    opening: Bytes36
    reason: str


class GateClosed(Record, frozen=True):
    """Somebody doubts it: no gate is passed any more."""

    conversation: Bytes16
    reason: str


class Passage(Record, frozen=True):
    """What stands in a message, an answer or a note, word for word; `piece` is its id."""

    piece: PieceId
    text: str


class ContradictionPinned(Record, frozen=True):
    """Two passages do not agree; the note says in what."""

    conversation: Bytes16
    first: Passage
    second: Passage
    note: str


class ContradictionSettled(Record, frozen=True):
    """It was found out how the two go together."""

    conversation: Bytes16
    pinned: Bytes36
    reason: str


class GuardedNoteWritten(Record, frozen=True):
    """A note that nobody reads, and whose words go out in no answer, below a gate."""

    conversation: Bytes16
    gate: GateNumber
    text: str
    words: Annotated[tuple[str, ...], msgspec.Meta(max_length=WORDS_MOST)]


class GuardedNoteWithdrawn(Record, frozen=True):
    """Whoever wrote a guarded note takes it back; it is shown to nobody and holds nothing."""

    conversation: Bytes16
    note: Bytes36
    reason: str


class GuardedWordsSet(Record, frozen=True):
    """Words of the whole office that go out in no answer below a gate; stewards alone write it."""

    gate: GateNumber
    words: Annotated[tuple[str, ...], msgspec.Meta(max_length=OFFICE_WORDS_MOST)]
    replaces: tuple[bytes, ...]


VettingFact = (
    VettingItemAnswered
    | GateOpened
    | GateSeconded
    | GateClosed
    | ContradictionPinned
    | ContradictionSettled
    | GuardedNoteWritten
    | GuardedNoteWithdrawn
)
VETTING_FACTS: Final[tuple[type[VettingFact], ...]] = (
    VettingItemAnswered,
    GateOpened,
    GateSeconded,
    GateClosed,
    ContradictionPinned,
    ContradictionSettled,
    GuardedNoteWritten,
    GuardedNoteWithdrawn,
)
