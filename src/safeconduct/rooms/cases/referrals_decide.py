# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody may do with a referral: what was typed to facts, or a refusal.

Whether the persons consented is asked at the gate (`edges/desk/handoffs`), each time anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.cases.consent import alike, day_of, line_of
from safeconduct.rooms.cases.days import day_in
from safeconduct.rooms.cases.decide import NoSuchPart, SaidTooMuch
from safeconduct.rooms.cases.record import SheetId
from safeconduct.rooms.cases.referral_facts import (
    FILES,
    GREETING_MOST,
    PERSONS_MOST,
    PIECES_MOST,
    REASON_MOST,
    WORDS_MOST,
    ReferralFact,
    ReferralFiles,
    ReferralMade,
    ReferralPieces,
    ReferralWithdrawn,
)
from safeconduct.rooms.cases.referral_files import (
    TypedFile,
    along,
    persons_in,
    wrong_files,
)
from safeconduct.rooms.cases.referrals import (
    GOES,
    Piece,
    Referral,
    Referrals,
    State,
    goes,
    in_order,
)
from safeconduct.rooms.cases.sheets import PERSON, RELOCATION, SERVICE, SHEETS, Field, Form
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Collection

    from safeconduct.kernel.words import Instant
    from safeconduct.rooms.cases.record import CaseRecord, Sheet
    from safeconduct.rooms.cases.referral_facts import FileAlong

DAYS_MOST: Final = 30
"""As long as a letter lies in a box (spec/mailbox.md 7)."""
PACKAGE_MOST: Final = 40_000
"""Bytes of UTF-8 of what is read; sealed and padded it fits into a box with room to spare."""
OPEN: Final = frozenset({State.WAITING, State.CAME})
Chosen = frozenset[tuple[bytes, str, str]]
"""Fields by sheet, kind and name."""


@dataclass(eq=False)
class WrongReferral(Refused):
    """These fields of the form hold what cannot be kept; nothing was."""

    code = "wrong_referral"
    names: tuple[str, ...]


class NothingReferred(Refused):
    """Neither a word nor a field goes along."""

    code = "nothing_referred"


class ReferralTooLong(Refused):
    """More goes along than a letter holds."""

    code = "referral_too_long"


class ReferralChanged(Refused):
    """What goes along is not any more what was shown."""

    code = "referral_changed"


class ReferralWaits(Refused):
    """One for the same person and recipient waits already."""

    code = "referral_waits"


class NoSuchReferral(Refused):
    """There is none, or it cannot be read here."""

    code = "no_such_referral"


class NobodyCame(Refused):
    """Nobody wrote with the words yet, as far as this desk knows."""

    code = "referral_nobody_came"


class ReferralUnread(Refused):
    """Something that goes along stands in a part that cannot be read here."""

    code = "referral_unread"


class ReferralEnded(Refused):
    """It was withdrawn, or its last day is over."""

    code = "referral_ended"


class CaseIsErased(Refused):
    """The case is to be erased, and nothing of it is handed over any more."""

    code = "referral_case_erased"


class HandedAlready(Refused):
    """It was handed over before."""

    code = "referral_handed"


class WithdrawnAlready(Refused):
    """It was withdrawn before."""

    code = "referral_withdrawn"


class TypedReferral(NamedTuple):
    """What stands in the form: the last day as `2017-04-03`, a service by its id in hex."""

    person: bytes
    recipient: str
    language: str
    greeting: str
    words: str
    until: str
    service: str = ""
    fields: Chosen = frozenset()
    files: tuple[TypedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What would go along, to whom, and of which persons; nothing is kept yet."""

    persons: tuple[SheetId, ...]
    recipient: str
    service: bytes
    language: str
    greeting: str
    words: str
    until: int
    pieces: tuple[Piece, ...]
    files: tuple[FileAlong, ...] = ()


class Words(NamedTuple):
    """What eight words give, and nobody can turn back into them."""

    talk: bytes
    voice: bytes
    address: bytes
    key: bytes


def draft(
    record: CaseRecord,
    held: Collection[Part],
    typed: TypedReferral,
    languages: Collection[str],
    now: Instant,
) -> Draft:
    """Return what would go along of a record as it can be read here, in the parts that are held.

    Raises:
        WrongReferral, NothingReferred: see there.
    """
    person = record.sheet(typed.person, PERSON)
    service = record.named(typed.service, SERVICE) if typed.service else None
    wrong = [*_wrong(typed, languages, now)]
    wrong += ["person"] if person is None else []
    wrong += ["service"] if typed.service and service is None else []
    chosen = [
        (sheet, some)
        for sheet in record.sheets
        if not sheet.taken_off and (some := _chosen(sheet, held, typed.fields))
    ]
    pieces = in_order(one for _, some in chosen for one in some)
    files = tuple(along(one) for one in typed.files)
    persons = _persons(typed, [sheet for sheet, _ in chosen], record)
    wrong += wrong_files(typed.files, record)
    if len(pieces) > PIECES_MOST or len(persons) > PERSONS_MOST:
        wrong.append("fields")
    until = day_in(typed.until)
    if wrong or until is None:
        raise WrongReferral(tuple(wrong))
    words = typed.words.strip()
    if not pieces and not words and not files:
        raise NothingReferred
    to = persons, line_of(typed.recipient), service.id if service else b"", typed.language
    return Draft(*to, typed.greeting.strip(), words, until, pieces, files)


def make(
    known: Referrals, one: Draft, words: Words, now: Instant
) -> list[tuple[Part, ReferralFact]]:
    """Return the facts of a new referral, each with its part.

    Raises:
        NoSuchPart: nobody here can read the contact part.
        ReferralWaits: one for the same person and recipient waits.
    """
    if not known.readable:
        raise NoSuchPart
    if any(_same(other, one) and other.state((), now) in OPEN for other in known.all):
        raise ReferralWaits
    parts = tuple(part for part in Part if any(piece.part is part for piece in one.pieces))
    made = ReferralMade(
        case=known.case,
        persons=one.persons,
        recipient=one.recipient,
        service=one.service,
        language=one.language,
        greeting=one.greeting,
        words=one.words,
        parts=(*(part.value for part in parts), *((FILES,) if one.files else ())),
        until=one.until,
        talk=words.talk,
        voice=words.voice,
        address=words.address,
        key=words.key,
    )
    pieces = [
        (part, ReferralPieces(known.case, tuple(it[:4] for it in one.pieces if it.part is part)))
        for part in parts
    ]
    files = [(Part.CONTACT, ReferralFiles(known.case, one.files))] if one.files else []
    return [(Part.CONTACT, made), *files, *pieces]


def may_hand_over(referral: Referral, heard: Collection[Instant], now: Instant) -> None:
    """Let a referral be handed over to who wrote with its words.

    Raises:
        HandedAlready, ReferralEnded, ReferralUnread, NobodyCame: see there.
    """
    state = referral.state(heard, now)
    if referral.handed:
        raise HandedAlready
    if state in {State.WITHDRAWN, State.EXPIRED}:
        raise ReferralEnded
    if not referral.complete:
        raise ReferralUnread
    if state is not State.CAME:
        raise NobodyCame


def withdraw(known: Referrals, fact: bytes, reason: str) -> ReferralWithdrawn:
    """Withdraw a referral; one that was handed over too, so that colleagues know.

    Raises:
        NoSuchReferral, WithdrawnAlready, SaidTooMuch: see there.
    """
    found, reason = known.find(fact), reason.strip()
    if found is None:
        raise NoSuchReferral
    if found.withdrawn:
        raise WithdrawnAlready
    if len(reason) > REASON_MOST:
        raise SaidTooMuch
    return ReferralWithdrawn(known.case, found.fact, reason)


def choosable(sheet: Sheet, held: Collection[Part]) -> tuple[Piece, ...]:
    """Return the fields of a sheet that could go along, as they can be read here.

    None where this desk cannot know of whom the sheet is: nobody could be asked for consent.
    """
    if sheet.kind not in GOES or any(one.part not in held for one in _naming(sheet.kind)):
        return ()
    return tuple(
        Piece(sheet.id, sheet.kind, one.name, one.text, one.part)
        for one in sheet.fields
        if one.text and goes(sheet.kind, one.name, one.part)
    )


def _naming(kind: str) -> list[Field]:
    """Return the fields of a kind that name a person, or a sheet that belongs to one."""
    of_somebody = {PERSON, RELOCATION}
    return [one for one in SHEETS[kind] if one.form is Form.SHEET and of_somebody & {*one.of}]


def _chosen(sheet: Sheet, held: Collection[Part], fields: Chosen) -> list[Piece]:
    some = choosable(sheet, held)
    return [one for one in some if (one.sheet, one.kind, one.field) in fields]


def _persons(
    typed: TypedReferral, sheets: Collection[Sheet], record: CaseRecord
) -> tuple[SheetId, ...]:
    """Return of whom something goes along: whom sheets are of or name, and whom files show."""
    found = [SheetId(typed.person), *persons_in(typed.files)]
    for sheet in sheets:
        found += [sheet.id] if sheet.kind == PERSON else []
        found += _named_by(sheet, record)
    return tuple(dict.fromkeys(found))


def _named_by(sheet: Sheet, record: CaseRecord) -> list[SheetId]:
    """Return the persons whom a sheet names; what belongs to somebody's way abroad names them."""
    found: list[SheetId] = []
    for field in _naming(sheet.kind):
        for one in (said for entered in sheet.entered(field.name) for said in entered.standing):
            named = record.named(one.text, PERSON, RELOCATION)
            if named is not None and named.kind == PERSON:
                found.append(named.id)
            elif named is not None and sheet.kind != RELOCATION:
                found += _named_by(named, record)
    return found


def _same(other: Referral, one: Draft) -> bool:
    same = alike(other.said.recipient) == alike(one.recipient)
    return same and other.said.persons[0] == one.persons[0]


def _wrong(typed: TypedReferral, languages: Collection[str], now: Instant) -> list[str]:
    until, today = day_in(typed.until), day_of(now)
    lasts = until is not None and today <= until <= today + DAYS_MOST
    return [
        *([] if line_of(typed.recipient) else ["recipient"]),
        *([] if typed.language in languages else ["language"]),
        *([] if 0 < len(typed.greeting.strip()) <= GREETING_MOST else ["greeting"]),
        *([] if len(typed.words.strip()) <= WORDS_MOST else ["words"]),
        *([] if lasts else ["until"]),
    ]
