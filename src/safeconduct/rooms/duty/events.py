# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of duty, frozen and versioned (spec/duty.md 1).

All stand in the vault of the hotline; times are milliseconds since 1970 in UTC.
A holding names by which fact somebody has a shift: `ShiftTaken`, or one of a swap that gave it.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes36, Codec, Count, Record, encode
from safeconduct.kernel.words import FACT_ID_BYTES
from safeconduct.rooms.duty.pager_facts import PAGER_FACTS, PagerFact

ZONE_MOST: Final = 64
MINUTES_OF_DAY: Final = 24 * 60
MinuteOfDay = Annotated[int, msgspec.Meta(ge=0, lt=MINUTES_OF_DAY)]


class HoursSet(Record, frozen=True):
    """From when to when, each day, somebody has to be on duty, and by the clocks of which zone.

    `begins` and `ends` are minutes of the day there; equal ones mean round the clock, and an end
    before the beginning lies on the next day.  `zone` is a name of the IANA database.
    """

    zone: Annotated[str, msgspec.Meta(min_length=1, max_length=ZONE_MOST)]
    begins: MinuteOfDay
    ends: MinuteOfDay
    replaces: tuple[bytes, ...]


class ShiftTaken(Record, frozen=True):
    """The device that says so is on duty then; `backup` is 1 for who is called after the others."""

    begins: Count
    ends: Count
    backup: Annotated[int, msgspec.Meta(ge=0, le=1)]


class ShiftLeft(Record, frozen=True):
    """Who has a shift by this holding does not do it."""

    holding: Bytes36


class SwapOffered(Record, frozen=True):
    """Who has a shift offers it to a device, for one of theirs or, where `theirs` is empty, so."""

    mine: Bytes36
    to: Bytes16
    theirs: Annotated[bytes, msgspec.Meta(max_length=FACT_ID_BYTES)]


class SwapAccepted(Record, frozen=True):
    """Whom an offer was made to takes it: from now on each does the other's shift."""

    offer: Bytes36


class SwapDropped(Record, frozen=True):
    """Who made an offer takes it back, or whom it was made to declines."""

    offer: Bytes36


PlanFact = HoursSet | ShiftTaken | ShiftLeft | SwapOffered | SwapAccepted | SwapDropped
DutyFact = PlanFact | PagerFact

KINDS: Final[dict[str, type[DutyFact]]] = {
    f"duty.{record.__name__}": record
    for record in (
        *(HoursSet, ShiftTaken, ShiftLeft, SwapOffered, SwapAccepted, SwapDropped),
        *PAGER_FACTS,
    )
}
VERSION: Final = 1
_CODECS: Final[dict[str, Codec[DutyFact]]] = {
    kind: Codec(record, kind) for kind, record in KINDS.items()
}


def kind_of(fact: DutyFact) -> str:
    """Return the kind under which a fact is written."""
    return f"duty.{type(fact).__name__}"


def write_fact(fact: DutyFact) -> bytes:
    """Return the body of the entry."""
    return encode(fact)


def knows(kind: str, version: int) -> bool:
    """Tell whether this program knows a kind and version of fact."""
    return kind in _CODECS and version == VERSION


def parse_fact(kind: str, version: int, body: bytes) -> DutyFact | None:
    """Return the fact, or None for a kind or version newer than this program.

    Raises:
        Malformed: a known kind whose body does not parse.
    """
    return _CODECS[kind].decode_own(body) if knows(kind, version) else None
