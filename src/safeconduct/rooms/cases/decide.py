# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody may do with a case file: state and command to facts, or a refusal.

Who may write which kind is data of the crew's; here is what has to be so besides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.cases.events import (
    NAME_MOST,
    REASON_MOST,
    KeysAnswered,
    KeysAsked,
    NoteWritten,
)

if TYPE_CHECKING:
    from safeconduct.rooms.cases.words import CaseFile, Part, Request

NOTE_MOST: Final = 40_000
"""Bytes of UTF-8 of one note, as of a note in a conversation."""


class NoSuchPart(Refused):
    """This desk has no such part of a case: there is none, or its keys are not held here."""

    code = "no_such_part"


class MayNotWrite(Refused):
    """This device may read what it has keys to, and write nothing there: it would count nowhere."""

    code = "may_not_write"


class NothingNoted(Refused):
    """A note says nothing."""

    code = "nothing_noted"


@dataclass(eq=False)
class NoteTooLong(Refused):
    """A note does not fit; nothing was kept."""

    code = "note_too_long"
    most: int


class NoCaseNamed(Refused):
    """A request names no case."""

    code = "no_case_named"


class NoReason(Refused):
    """A request says nothing of why."""

    code = "no_reason"


class SaidTooMuch(Refused):
    """A reason or a name is too long."""

    code = "reason_too_long"


class OwnRequest(Refused):
    """Nobody answers their own request, from another device neither."""

    code = "own_request"


class AskedNoMore(Refused):
    """Keys were given already, or nobody asks for this."""

    code = "asked_no_more"


def write_note(case: CaseFile, part: Part, text: str) -> NoteWritten:
    """Write into a part.

    Raises:
        NoSuchPart, NothingNoted, NoteTooLong: see there.
    """
    if case.part(part) is None:
        raise NoSuchPart
    if not text.strip():
        raise NothingNoted
    if len(text.encode()) > NOTE_MOST:
        raise NoteTooLong(NOTE_MOST)
    return NoteWritten(case.id, text)


def ask(name: str, part: Part, reason: str) -> KeysAsked:
    """Ask for the keys of a part; whether there is such a case is not looked at.

    Raises:
        NoCaseNamed, NoReason, SaidTooMuch: see there.
    """
    name, reason = " ".join(name.split()), reason.strip()
    if not name:
        raise NoCaseNamed
    if not reason:
        raise NoReason
    if len(name) > NAME_MOST or len(reason) > REASON_MOST:
        raise SaidTooMuch
    return KeysAsked(name, part.value, reason)


def answer(request: Request, *, given: bool, own: bool, word: str) -> KeysAnswered:
    """Answer a request; `own` tells whether the person here asked it.

    Raises:
        OwnRequest, AskedNoMore, SaidTooMuch: see there.
    """
    if own:
        raise OwnRequest
    if request.given:
        raise AskedNoMore
    word = word.strip()
    if len(word) > REASON_MOST:
        raise SaidTooMuch
    return KeysAnswered(request.fact, int(given), word)
