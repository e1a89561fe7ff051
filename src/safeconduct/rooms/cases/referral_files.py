# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that go along with a referral: what was ticked to facts, and which facts count.

A file is in a conversation of the case; here it is an id, the SHA-256 of what was looked at, and
the persons whom it shows, each of whom is asked for consent.  What it is called stands nowhere
here, and goes nowhere: a package numbers its files (spec/referrals.md 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.cases.record import SheetId
from safeconduct.rooms.cases.referral_facts import (
    FILES,
    FILES_MOST,
    REASON_MOST,
    FileAlong,
    ReferralFiles,
    ReferralMade,
)
from safeconduct.rooms.cases.sheets import PERSON

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from safeconduct.rooms.cases.fold import Told
    from safeconduct.rooms.cases.record import CaseRecord

FILE_LARGEST: Final = 25 << 20
"""Bytes of one file as it goes along: what a phone takes (spec/mailbox.md 5)."""
FILES_LARGEST: Final = 64 << 20
"""Bytes of all files of a package."""
ENDINGS: Final = frozenset(
    {
        *("3gp", "amr", "avif", "csv", "doc", "docx", "gif", "heic", "jpeg", "jpg", "m4a", "mov"),
        *("mp3", "mp4", "odt", "oga", "ogg", "opus", "pdf", "png", "txt", "wav", "webm", "webp"),
        *("xls", "xlsx"),
    }
)
"""Endings that an original keeps: none is anybody's own word, and none says that it is harmless."""


@dataclass(eq=False)
class NoCopyOfFile(Refused):
    """No clean copy can be made of a file that is to go along as one; nothing was kept."""

    code = "referral_no_copy"
    blob: bytes


@dataclass(eq=False)
class ReferralFileGone(Refused):
    """A file is in no conversation of the case that can be read here, or was destroyed."""

    code = "referral_file_gone"
    blob: bytes


class ReferralFileChanged(Refused):
    """A file is not what was looked at when the referral was made."""

    code = "referral_file_changed"


class ReferralFilesTooLarge(Refused):
    """A file, or all of them, are larger than what goes along."""

    code = "referral_files_too_large"


class TypedFile(NamedTuple):
    """A file that was ticked: which, whom it shows, and why the original, if that goes along.

    Who opened the file to look at it fills in its SHA-256.
    """

    talk: bytes
    blob: bytes
    persons: tuple[bytes, ...]
    original: bool = False
    reason: str = ""
    digest: bytes = b""


def along(typed: TypedFile) -> FileAlong:
    """Return a file as a fact names it; a reason stands beside an original alone."""
    reason = typed.reason.strip() if typed.original else ""
    which = typed.talk, typed.blob, typed.digest, tuple(dict.fromkeys(typed.persons))
    return FileAlong(*which, int(typed.original), reason)


def persons_in(files: Iterable[TypedFile]) -> list[SheetId]:
    """Return whom the files show: each is asked."""
    return [SheetId(person) for one in files for person in one.persons]


def wrong_files(files: Sequence[TypedFile], record: CaseRecord) -> Iterator[str]:
    """Name what cannot be kept: a file of nobody, an original without a reason, too many."""
    if len(files) > FILES_MOST:
        yield "files"
    for one in files:
        known = all(record.sheet(person, PERSON) is not None for person in one.persons)
        fits = not one.original or 0 < len(one.reason.strip()) <= REASON_MOST
        if not (one.persons and known and fits):
            yield field_of(one.blob)


def field_of(blob: bytes) -> str:
    """Return how a form calls a file."""
    return f"file-{blob.hex()}"


def bare_name(number: int, ending: str) -> str:
    """Return what a file is called in a package: a number, and an ending that is nobody's word."""
    ending = ending.lower()
    return f"file-{number}.{ending}" if ending in ENDINGS else f"file-{number}"


def files_along(made: Told, contact: Iterable[Told]) -> tuple[FileAlong, ...] | None:
    """Return which files go along with a referral; None where what is said of them cannot count.

    They count in the commit that made it, once, and each whom one shows is a person of it; where
    it says that files go along, there are some.
    """
    event = made.event
    assert isinstance(event, ReferralMade)
    told = [one.event for one in contact if one.commit == made.commit]
    said = [one for one in told if isinstance(one, ReferralFiles) and one.case == event.case]
    if not said:
        return None if FILES in event.parts else ()
    files = said[0].files
    stands = len(said) == 1 and len({one.blob for one in files}) == len(files)
    return files if stands and all(_may_go(one, event) for one in files) else None


def _may_go(file: FileAlong, made: ReferralMade) -> bool:
    reason = file.reason.strip()
    asked = {*file.persons} <= {*made.persons}
    return asked and reason == file.reason and bool(reason) == bool(file.original)
