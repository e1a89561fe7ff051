# SPDX-License-Identifier: AGPL-3.0-or-later
"""From facts to the referrals of a case: the same set gives the same state in any order.

A referral is named by the fact that made it, so that nobody can make another under its name, and
what goes along counts only in the commit that made it.  Nothing of it has left the office until it
was handed over (spec/referrals.md 1).  Fails closed: where the contact part cannot be read here
there is no referral, and where a part that goes along cannot be read here, or holds what this
program does not know, it is not complete.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import CaseId, ConversationId, Instant, instant_of
from safeconduct.rooms.cases.consent import Asking, Purpose, day_of, line_of
from safeconduct.rooms.cases.record import SheetId
from safeconduct.rooms.cases.referral_facts import (
    FILES,
    ReferralHandedOver,
    ReferralMade,
    ReferralPieces,
    ReferralWithdrawn,
)
from safeconduct.rooms.cases.referral_files import files_along
from safeconduct.rooms.cases.sheets import (
    DOCUMENT,
    ITEM,
    PERSON,
    PLACE,
    PURSUER,
    RELOCATION,
    SERVICE,
    SHEETS,
    TAKEN_OFF,
    TIE,
    Form,
    field_of,
    plain_value,
)
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from safeconduct.kernel.words import CommitId, DeviceId, FactId, VaultId
    from safeconduct.rooms.cases.fold import Told
    from safeconduct.rooms.cases.referral_facts import FileAlong

GOES: Final = (PERSON, DOCUMENT, SERVICE, TIE, PURSUER, PLACE, RELOCATION, ITEM)
"""Kinds of sheets of which something may go along, in the order in which a package has them."""
SHEET_LONG: Final = 16


class Piece(NamedTuple):
    """One field of a sheet that goes along, as it stood when it was chosen."""

    sheet: SheetId
    kind: str
    field: str
    value: str
    part: Part


class State(Enum):
    """How far a referral has come; each says what has left the office."""

    WAITING = "waiting"
    """Nobody wrote with the words yet; nothing has left but the greeting."""
    CAME = "came"
    """Somebody who knows the words wrote; nothing has left but the greeting."""
    HANDED = "handed"
    """The package is on its way to who knows the words, or was opened: nobody can tell."""
    ANSWERED = "answered"
    """Somebody who knows the words wrote after that."""
    WITHDRAWN = "withdrawn"
    """Nothing has left but the greeting, and nothing will."""
    TOO_LATE = "too_late"
    """It was handed over, and then withdrawn: what left cannot be called back."""
    EXPIRED = "expired"
    """Nobody handed it over in time; nothing has left but the greeting."""


@dataclass(frozen=True, slots=True)
class Handed:
    """Somebody handed it over; two may have done so unseen."""

    fact: FactId
    at: Instant
    by: DeviceId
    expires: Instant


@dataclass(frozen=True, slots=True)
class TookBack:
    """Somebody withdrew it."""

    fact: FactId
    at: Instant
    by: DeviceId
    reason: str


@dataclass(frozen=True, slots=True)
class Referral:
    """One referral, as much of it as can be read here."""

    fact: FactId
    at: Instant
    by: DeviceId
    said: ReferralMade
    pieces: tuple[Piece, ...]
    complete: bool
    """Whether everything that goes along can be read here."""
    handed: tuple[Handed, ...] = ()
    withdrawn: tuple[TookBack, ...] = ()
    files: tuple[FileAlong, ...] = ()

    @property
    def talk(self) -> ConversationId:
        """The conversation that begins when somebody writes with the words."""
        return ConversationId(self.said.talk)

    @property
    def askings(self) -> tuple[Asking, ...]:
        """What each of the persons has to have consented to."""
        return tuple(
            Asking(SheetId(one), Purpose.REFERRAL, self.said.recipient) for one in self.said.persons
        )

    def state(self, heard: Collection[Instant], now: Instant) -> State:
        """Return how far it has come; `heard` are the arrivals of what was written to us."""
        if self.handed:
            if self.withdrawn:
                return State.TOO_LATE
            first = min(one.at for one in self.handed)
            return State.ANSWERED if any(one > first for one in heard) else State.HANDED
        if self.withdrawn:
            return State.WITHDRAWN
        if day_of(now) > self.said.until:
            return State.EXPIRED
        return State.CAME if heard else State.WAITING


@dataclass(frozen=True, slots=True)
class Referrals:
    """All referrals of a case, oldest first; `readable` if they can be known here."""

    case: CaseId
    readable: bool = False
    all: tuple[Referral, ...] = ()

    def find(self, fact: bytes) -> Referral | None:
        """Return one of them."""
        return next((one for one in self.all if one.fact == fact), None)


def fold_referrals(case: CaseId, parts: Mapping[VaultId, Part], told: Iterable[Told]) -> Referrals:
    """Return the referrals of a case from the facts in the parts that can be read here."""
    facts = sorted(told, key=lambda one: (one.hlc, one.fact))
    contact = [one for one in facts if parts.get(one.vault) is Part.CONTACT]
    made = [one for one in contact if _stands(case, one)]
    commits = [one.commit for one in made]
    pieces = _pieces(case, parts, facts)
    found = tuple(
        _referral(one, pieces.get(one.commit, {}), contact)
        for one in made
        if commits.count(one.commit) == 1
    )
    return Referrals(case, Part.CONTACT in parts.values(), found)


def goes(kind: str, field: str, part: Part) -> bool:
    """Tell whether a field may go along: nothing of colleagues, and not why a sheet was put away.

    A field that names another sheet goes along, and is read where that sheet goes too.
    """
    if kind not in GOES or field == TAKEN_OFF:
        return False
    known = field_of(kind, field, part)
    return known is not None and known.form is not Form.MEMBER


def _stands(case: CaseId, one: Told) -> bool:
    event = one.event
    if not isinstance(event, ReferralMade) or event.case != case:
        return False
    names = (*(part.value for part in Part), FILES)
    known = [name for name in names if name in event.parts]
    service = len(event.service) in {0, SHEET_LONG}
    return line_of(event.recipient) == event.recipient and [*event.parts] == known and service


def _pieces(
    case: CaseId, parts: Mapping[VaultId, Part], facts: Iterable[Told]
) -> dict[CommitId, dict[Part, list[Piece]]]:
    found: dict[CommitId, dict[Part, list[Piece]]] = {}
    for one in facts:
        event, part = one.event, parts.get(one.vault)
        if not isinstance(event, ReferralPieces) or event.case != case or part is None:
            continue
        if all(goes(kind, field, part) for _, kind, field, _ in event.pieces) and all(
            _is_value(kind, field, part, value) for _, kind, field, value in event.pieces
        ):
            some = found.setdefault(one.commit, {}).setdefault(part, [])
            some += [
                Piece(SheetId(sheet), kind, field, value, part)
                for sheet, kind, field, value in event.pieces
            ]
    return found


def _is_value(kind: str, field: str, part: Part, value: str) -> bool:
    known = field_of(kind, field, part)
    return known is not None and plain_value(known, value) == value


def _referral(one: Told, pieces: Mapping[Part, list[Piece]], contact: Iterable[Told]) -> Referral:
    event = one.event
    assert isinstance(event, ReferralMade)
    files = files_along(one, contact)
    along = [piece for part, some in pieces.items() if part.value in event.parts for piece in some]
    handed, withdrawn = [], []
    for other in contact:
        act, at = other.event, instant_of(other.hlc)
        if isinstance(act, ReferralHandedOver) and act.referral == one.fact:
            handed.append(Handed(other.fact, at, other.device, Instant(act.expires)))
        if isinstance(act, ReferralWithdrawn) and act.referral == one.fact:
            withdrawn.append(TookBack(other.fact, at, other.device, act.reason))
    return Referral(
        *(one.fact, instant_of(one.hlc), one.device, event, in_order(along)),
        files is not None and {*event.parts} <= {FILES, *(part.value for part in pieces)},
        *(tuple(handed), tuple(withdrawn), files or ()),
    )


def in_order(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return pieces as a package has them: kind by kind, sheet by sheet, in the order of fields."""
    fields = {kind: [one.name for one in SHEETS[kind]] for kind in GOES}
    return tuple(
        sorted(
            pieces,
            key=lambda one: (GOES.index(one.kind), one.sheet, fields[one.kind].index(one.field)),
        )
    )
