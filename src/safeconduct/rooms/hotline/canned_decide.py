# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a helper may do with ready answers: state and command to facts, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import FactId, Instant
from safeconduct.rooms.hotline.canned import (
    CANNED_TEXT_MOST,
    READ_MOST,
    TITLE_MOST,
    CannedGated,
    CannedRead,
    CannedWithdrawn,
    CannedWritten,
)
from safeconduct.rooms.hotline.decide import NothingWritten, TextTooLong
from safeconduct.rooms.hotline.triage_decide import TimeNotAhead, TimeTooFar, say_why

if TYPE_CHECKING:
    from collections.abc import Iterable

    from safeconduct.kernel.words import DeviceId
    from safeconduct.rooms.hotline.canned import Apart, Canned


class NoSuchCanned(Refused):
    """This text does not stand any more: it was written anew or withdrawn."""

    code = "no_such_canned"


class NoTitle(Refused):
    """A text needs a short title, by which it is chosen."""

    code = "no_title"


class ReadByItsWriter(Refused):
    """Who wrote a text cannot be the one who reads it for the office."""

    code = "read_by_its_writer"


@dataclass(frozen=True, slots=True)
class Text:
    """What a helper typed."""

    language: str
    title: str
    text: str


def write(canned: bytes, typed: Text, known: Iterable[FactId] = ()) -> CannedWritten:
    """Write a text; `canned` is 16 fresh random bytes, or the text that is written anew.

    Raises:
        NoTitle, NothingWritten, TextTooLong: see there.
    """
    title = " ".join(typed.title.split())
    if not title or len(title.encode()) > TITLE_MOST:
        raise NoTitle
    if not typed.text.strip():
        raise NothingWritten
    if len(typed.text.encode()) > CANNED_TEXT_MOST:
        raise TextTooLong(CANNED_TEXT_MOST)
    return CannedWritten(canned, typed.language, title, typed.text.strip(), tuple(sorted(known)))


def find(standing: Iterable[Canned], version: FactId) -> Canned:
    """Return the version of this id.

    Raises:
        NoSuchCanned: see there.
    """
    found = next((one for one in standing if one.version == version), None)
    if found is None:
        raise NoSuchCanned
    return found


def read(canned: Canned, by: DeviceId, until: Instant, now: Instant, apart: Apart) -> CannedRead:
    """Find a version good until a time, as somebody else than its writer.

    Raises:
        ReadByItsWriter, TimeNotAhead, TimeTooFar: see there.
    """
    if not apart(by, canned.by):
        raise ReadByItsWriter
    if until <= now:
        raise TimeNotAhead
    if until > now + READ_MOST:
        raise TimeTooFar(READ_MOST)
    return CannedRead(canned.id, canned.version, until)


def withdraw(canned: Canned, reason: str) -> CannedWithdrawn:
    """Say that a text is used no more, in any version.

    Raises:
        WhyMissing, WhyTooLong: see there.
    """
    say_why(reason)
    return CannedWithdrawn(canned.id, reason.strip())


def gate(canned: Canned, needed: int) -> CannedGated:
    """Say which gate a conversation must have passed before a text is offered there."""
    return CannedGated(canned.id, needed, canned.gated)
