# SPDX-License-Identifier: AGPL-3.0-or-later
"""From facts to the own files that were asked for, and what may be done with one.

The same facts give the same state in any order.  A file names each of its lines, so that a second
signs what goes and nothing that is written later (spec/own-file.md 3).  A take-back wins.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DAY, ConversationId, FactId, instant_of
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.own_file_facts import (
    LINES_MOST,
    TALKS_MOST,
    OwnFileAsked,
    OwnFileFact,
    OwnFileMade,
    OwnFileSeconded,
    OwnFileTakenBack,
)
from safeconduct.rooms.cases.record import SheetId
from safeconduct.rooms.cases.sheets import PERSON
from safeconduct.rooms.cases.words import Apart, Part

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from safeconduct.kernel.words import CaseId, DeviceId, Instant, VaultId
    from safeconduct.rooms.cases.fold import Told
    from safeconduct.rooms.cases.record import CaseRecord

OWN_FILE_PART: Final = Part.CONTACT
LASTS: Final = 7 * DAY
"""For so long after it was asked for a file can be signed and made."""


class OwnStage(Enum):
    """How far an own file has come."""

    WAITS = "waits"
    SIGNED = "signed"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Given:
    """The file was made: when, by whom, and whether it was sealed."""

    at: Instant
    by: DeviceId
    sealed: bool


@dataclass(frozen=True, slots=True)
class OwnFile:
    """An own file that somebody asked for, and what was said of it."""

    fact: FactId
    at: Instant
    by: DeviceId
    person: SheetId
    language: str
    lines: frozenset[bytes]
    talks: tuple[ConversationId, ...]
    seconds: tuple[DeviceId, ...]
    taken_back: bool
    given: tuple[Given, ...]

    def stage(self, now: Instant) -> OwnStage:
        """Return how far it has come; a take-back wins, and so does time."""
        if self.taken_back:
            return OwnStage.TAKEN_BACK
        if now - self.at >= LASTS:
            return OwnStage.LAPSED
        return OwnStage.SIGNED if self.seconds else OwnStage.WAITS


class OwnFileOfNobody(Refused):
    """An own file is of a person who stands on the record of the case."""

    code = "own_file_of_nobody"


class NothingInOwnFile(Refused):
    """There is no line in what was chosen."""

    code = "nothing_in_own_file"


class TooMuchInOwnFile(Refused):
    """A file has 400 lines and 64 conversations at most."""

    code = "too_much_in_own_file"


class NobodySignsOwnFile(Refused):
    """No other steward's device that reads this case stands."""

    code = "nobody_signs_own_file"


class NoOwnFileWaits(Refused):
    """There is no such question, or it waits for nobody any more."""

    code = "no_own_file_waits"


class OwnFileIsYours(Refused):
    """Nobody signs what they asked for themselves, from another device neither."""

    code = "own_file_is_yours"


class OwnFileNotSigned(Refused):
    """Nobody has signed it, or it was taken back or lapsed, or somebody else asked for it."""

    code = "own_file_not_signed"


def fold_own_files(
    case: CaseId, parts: Mapping[VaultId, Part], told: Iterable[Told], *, apart: Apart
) -> tuple[OwnFile, ...]:
    """Return what was asked for in a case, newest first."""
    facts = [
        one
        for one in sorted(told, key=lambda one: (one.hlc, one.fact))
        if parts.get(one.vault) is OWN_FILE_PART
        and isinstance(one.event, OwnFileFact)
        and one.event.case == case
    ]
    naming: defaultdict[bytes, list[Told]] = defaultdict(list)
    for one in facts:
        if isinstance(one.event, OwnFileSeconded | OwnFileTakenBack | OwnFileMade):
            naming[one.event.asked].append(one)
    return tuple(
        _asked(one, one.event, naming[one.fact], apart)
        for one in reversed(facts)
        if isinstance(one.event, OwnFileAsked)
    )


def _asked(one: Told, event: OwnFileAsked, naming: Sequence[Told], apart: Apart) -> OwnFile:
    return OwnFile(
        fact=one.fact,
        at=instant_of(one.hlc),
        by=one.device,
        person=SheetId(event.person),
        language=event.language,
        lines=frozenset(event.lines),
        talks=tuple(ConversationId(talk) for talk in dict.fromkeys(event.talks)),
        seconds=tuple(
            dict.fromkeys(
                said.device
                for said in naming
                if isinstance(said.event, OwnFileSeconded) and apart(said.device, one.device)
            )
        ),
        taken_back=any(
            isinstance(said.event, OwnFileTakenBack) and said.device == one.device
            for said in naming
        ),
        given=tuple(
            Given(instant_of(said.hlc), said.device, bool(said.event.sealed))
            for said in naming
            if isinstance(said.event, OwnFileMade) and said.device == one.device
        ),
    )


@dataclass(frozen=True, slots=True)
class Choosing:
    """What somebody chose: whose file, in which language, which lines and conversations."""

    person: bytes
    language: str
    lines: Collection[bytes]
    talks: Collection[ConversationId]


def ask_own_file(
    record: CaseRecord, held: Collection[Part], chosen: Choosing, *, signers: bool
) -> OwnFileAsked:
    """Ask to give a person their file.

    Raises:
        NoSuchPart: the part contact cannot be read here.
        OwnFileOfNobody, NothingInOwnFile, TooMuchInOwnFile, NobodySignsOwnFile: see there.
    """
    if OWN_FILE_PART not in held:
        raise NoSuchPart
    if all(one.id != chosen.person for one in record.of_kind(PERSON)):
        raise OwnFileOfNobody
    if not chosen.lines and not chosen.talks:
        raise NothingInOwnFile
    if len(chosen.lines) > LINES_MOST or len(chosen.talks) > TALKS_MOST:
        raise TooMuchInOwnFile
    if not signers:
        raise NobodySignsOwnFile
    lines, talks = tuple(sorted(chosen.lines)), tuple(chosen.talks)
    return OwnFileAsked(record.case, chosen.person, chosen.language, lines, talks)


def second_own_file(
    case: CaseId, asked: OwnFile | None, by: DeviceId, now: Instant, *, apart: Apart
) -> OwnFileSeconded:
    """Sign, as somebody else.

    Raises:
        NoOwnFileWaits, OwnFileIsYours: see there.
    """
    if asked is None or asked.stage(now) is not OwnStage.WAITS:
        raise NoOwnFileWaits
    if not apart(by, asked.by):
        raise OwnFileIsYours
    return OwnFileSeconded(case, asked.fact)


def take_back_own_file(
    case: CaseId, asked: OwnFile | None, by: DeviceId, now: Instant
) -> OwnFileTakenBack:
    """Want it no more, also after a second signed.

    Raises:
        NoOwnFileWaits: see there; only who asked takes it back.
    """
    ends = {OwnStage.TAKEN_BACK, OwnStage.LAPSED}
    if asked is None or asked.by != by or asked.stage(now) in ends:
        raise NoOwnFileWaits
    return OwnFileTakenBack(case, asked.fact)


def need_signed(asked: OwnFile | None, by: DeviceId, now: Instant) -> OwnFile:
    """Return the file that this device may make now.

    Raises:
        OwnFileNotSigned: see there.
    """
    if asked is None or asked.by != by or asked.stage(now) is not OwnStage.SIGNED:
        raise OwnFileNotSigned
    return asked
