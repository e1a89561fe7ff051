# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the office had before it had this: mails, messages and rows of sheets, as pieces of talks.

What it is: one item of a file that was brought in, as its source tells it (spec/import.md).  What
it is not: a letter, for nothing proves who wrote it; nor a contact that a helper typed in, for
nobody here has read it yet.  Invariant: an item's id is a digest of what identifies it in its
source, so that the same file brought in again, or a longer one, adds only what is new.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated, Final, Literal, get_args

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes32, Count, Record, encode
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.words import DeviceId, Instant
from safeconduct.rooms.hotline.sealed_files import SealedFile

Source = Literal["mail", "telegram", "whatsapp", "sheet"]
SOURCES: Final[tuple[Source, ...]] = get_args(Source)
SENDER_MOST: Final = 200
"""Characters of a name or an address, as a source gives it."""
FILES_MOST: Final = 100
ANSWERS_MOST: Final = 10_000
Dated = Annotated[int, msgspec.Meta(ge=0, le=1)]
Sender = Annotated[str, msgspec.Meta(max_length=SENDER_MOST)]
Files = Annotated[tuple[SealedFile, ...], msgspec.Meta(max_length=FILES_MOST)]


class ContactImported(Record, frozen=True):
    """Somebody's words, out of a file; `dated` is 0 where the source told no time of its own.

    `extras` tell what a letter's would: what a sheet says of danger and region.
    """

    conversation: Bytes16
    message: Bytes32
    source: Source
    happened: Count
    dated: Dated
    sender: Sender
    text: str
    files: Files
    extras: bytes

    @property
    def arrived(self) -> int:
        """Return when it came, as its source tells."""
        return self.happened

    @property
    def language(self) -> str:
        """Return nothing: no source tells it."""
        return ""


class AnswerImported(Record, frozen=True):
    """What the office had said itself, out of a file; `answers` are the items it came after."""

    conversation: Bytes16
    answer: Bytes32
    source: Source
    happened: Count
    sender: Sender
    text: str
    files: Files
    answers: Annotated[tuple[Bytes32, ...], msgspec.Meta(max_length=ANSWERS_MOST)]


ImportedFact = ContactImported | AnswerImported
IMPORTED_FACTS: Final[tuple[type[ImportedFact], ...]] = (ContactImported, AnswerImported)


@dataclass(frozen=True, slots=True)
class Imported:
    """Where a piece came from, who wrote it by that source, and who brought it in when."""

    source: Source
    sender: str
    dated: bool
    by: DeviceId
    noted: Instant


def check_imported(event: ImportedFact) -> None:
    """Refuse what says nothing: as an answer it would take somebody off the line unheard.

    Raises:
        Malformed: it has neither text nor a file.
    """
    if not event.text.strip() and not event.files:
        raise Malformed("imported")


def item_id(source: Source, *parts: str) -> bytes:
    """Return the id of an item by what identifies it in its source."""
    return hashlib.sha256(label("imported") + b"\0" + encode((source, *parts))).digest()
