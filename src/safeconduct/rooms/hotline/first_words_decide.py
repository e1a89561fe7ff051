# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody here may do with the first words: state and command to facts, or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.wire.first_words import TEXT_MOST
from safeconduct.kernel.words import FactId, Instant
from safeconduct.rooms.hotline.canned import unfilled
from safeconduct.rooms.hotline.decide import NothingWritten
from safeconduct.rooms.hotline.first_words import (
    APPROVED_MOST,
    FirstWordsApproved,
    FirstWordsWithdrawn,
    FirstWordsWritten,
    SaidIn,
)
from safeconduct.rooms.hotline.triage_decide import TimeNotAhead, TimeTooFar, say_why

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from safeconduct.kernel.words import DeviceId
    from safeconduct.rooms.hotline.first_words import Apart, Version


class NoSuchWords(Refused):
    """This version does not stand any more: it was written anew or withdrawn."""

    code = "no_such_words"


class FirstWordsTooLong(Refused):
    """A text of one language is longer than somebody afraid reads at once."""

    code = "first_words_too_long"


class StillToBeFilled(Refused):
    """A place between braces is left: nobody fills it, since pages show it as it stands."""

    code = "still_to_be_filled"


class ApprovedByItsWriter(Refused):
    """Who wrote the words cannot be the one who approves them."""

    code = "approved_by_its_writer"


class NotLookedAt(Refused):
    """Whoever approves says that they read each language."""

    code = "words_not_looked_at"


def write(texts: Mapping[str, str], standing: Sequence[Version]) -> FirstWordsWritten:
    """Write a version in some languages; the others keep what pages say by themselves.

    Raises:
        NothingWritten, FirstWordsTooLong, StillToBeFilled: see there.
    """
    said = {language: text.strip() for language, text in texts.items() if text.strip()}
    if not said:
        raise NothingWritten
    if any(len(text.encode()) > TEXT_MOST for text in said.values()):
        raise FirstWordsTooLong
    if any(map(unfilled, said.values())):
        raise StillToBeFilled
    known = tuple(sorted(one.id for one in standing))
    return FirstWordsWritten(tuple(SaidIn(*one) for one in sorted(said.items())), known)


def find(standing: Sequence[Version], version: FactId) -> Version:
    """Return the version of this id.

    Raises:
        NoSuchWords: see there.
    """
    found = next((one for one in standing if one.id == version), None)
    if found is None:
        raise NoSuchWords
    return found


def approve(
    version: Version, by: DeviceId, until: Instant, now: Instant, apart: Apart
) -> FirstWordsApproved:
    """Approve a version until a time, as somebody else than its writer.

    Raises:
        ApprovedByItsWriter, TimeNotAhead, TimeTooFar: see there.
    """
    if not apart(by, version.by):
        raise ApprovedByItsWriter
    if until <= now:
        raise TimeNotAhead
    if until > now + APPROVED_MOST:
        raise TimeTooFar(APPROVED_MOST)
    return FirstWordsApproved(version.id, until)


def withdraw(standing: Sequence[Version], reason: str) -> FirstWordsWithdrawn:
    """Take back every version that stands.

    Raises:
        NoSuchWords: none does.
        WhyMissing, WhyTooLong: see there.
    """
    if not standing:
        raise NoSuchWords
    say_why(reason)
    return FirstWordsWithdrawn(tuple(sorted(one.id for one in standing)), reason.strip())
