# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes what a plan says, some items at a time: each batch is one commit, durable on return.

A desk that dies in between has whole batches; what it lacks the next run adds, because an item is
known by its id (spec/import.md 5).  Files are sealed into the store with the fact that names them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from safeconduct.edges.desk.importing.found import Found, Source
from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.lock import BlobSealer
from safeconduct.kernel.words import ConversationId, Instant
from safeconduct.rooms.hotline.first_contact import FirstContact, write_contact
from safeconduct.rooms.hotline.import_plan import Left, Place
from safeconduct.rooms.hotline.imported import (
    AnswerImported,
    ContactImported,
    ImportedFact,
    item_id,
)
from safeconduct.rooms.hotline.sealed_files import SealedFile

AT_ONCE: Final = 100
BATCH_BYTES: Final = 300 << 10
"""Of facts in one commit, whose frame has a megabyte at most."""
FILES_BYTES: Final = 32 << 20
"""Of files that are sealed with one commit; one alone may have more."""


class Upload(NamedTuple):
    """A file that waits to be sent."""

    sealer: BlobSealer
    content: bytes


class Book(Protocol):
    """Where facts are written, and what stands around them."""

    def now(self) -> Instant:
        """Return the time."""

    def writes(self) -> bool:
        """Tell whether somebody here may write conversations."""

    def fresh(self) -> ConversationId:
        """Draw the id of a new conversation."""

    def code_name(self, conversation: ConversationId) -> str:
        """Return the name of a conversation."""

    def known(self) -> Mapping[bytes, ConversationId]:
        """Return each item that the office has, and in which conversation."""

    def gone(self) -> Container[bytes]:
        """Return the items that the office had and destroyed."""

    def seal(self, name: str, media_type: str, content: bytes) -> tuple[SealedFile, BlobSealer]:
        """Seal a file."""

    def write(self, facts: Sequence[ImportedFact], uploads: Collection[Upload]) -> None:
        """Append facts and keep their files, all or none; durable on return."""

    def kept(self, name: str) -> str:
        """Return a text that is kept at this desk alone."""

    def keep(self, name: str, text: str) -> None:
        """Keep it, sealed; no text drops it."""


def bring(
    book: Book,
    source: Source,
    places: Mapping[bytes, Place],
    tell: Callable[[int], bool],
) -> int:
    """Write the items that have a place; return how many, or of how many it was stopped.

    `tell` hears how many there are after each batch, and says whether to go on.

    Raises:
        StoreFull, StoreIsBehind: what was written before stands.
    """
    left = dict(places)
    facts: list[ImportedFact] = []
    uploads: list[Upload] = []
    written = items = 0
    for found in _wanted(source, left):
        more, files = _facts(book, found, places[found.item.id])
        if facts and not _fits(facts, more, uploads, files):
            book.write(facts, uploads)
            written, items, facts, uploads = written + items, 0, [], []
            if not tell(written):
                return written
        facts += more
        uploads += files
        items += 1
    if facts:
        book.write(facts, uploads)
    tell(written + items)
    return written + items


def _wanted(source: Source, left: dict[bytes, Place]) -> Iterator[Found]:
    """Yield the items that have a place, each once."""
    for found in source.read():
        if not isinstance(found, Left) and left.pop(found.item.id, None) is not None:
            yield found


def _fits(
    facts: Sequence[ImportedFact],
    more: Sequence[ImportedFact],
    uploads: Sequence[Upload],
    files: Sequence[Upload],
) -> bool:
    if len(facts) + len(more) > AT_ONCE:
        return False
    size = sum(len(encode(one)) for one in (*facts, *more))
    return size <= BATCH_BYTES and sum(len(one.content) for one in (*uploads, *files)) <= (
        FILES_BYTES
    )


def _facts(book: Book, found: Found, place: Place) -> tuple[list[ImportedFact], list[Upload]]:
    """Return what an item becomes."""
    item = found.item
    sealed = [(book.seal(*file), file.content) for file in found.files]
    files = tuple(one[0] for one, _ in sealed)
    uploads = [Upload(one[1], content) for one, content in sealed]
    if item.ours:
        answer = AnswerImported(
            *(place.talk, item.id, item.source, place.happened),
            *(item.sender, found.text, files, place.answers),
        )
        return [answer], uploads
    beside = FirstContact(danger_today="yes" if place.danger else "", region=found.region)
    told = write_contact(beside)
    contact = ContactImported(
        *(place.talk, item.id, item.source, place.happened, int(place.dated)),
        *(item.sender, found.text, files, encode(told) if told else b""),
    )
    if not item.answered:
        return [contact], uploads
    said = AnswerImported(
        conversation=place.talk,
        answer=item_id(item.source, "answered", item.id.hex()),
        source=item.source,
        happened=place.happened,
        sender="",
        text=found.answer[:2_000],
        files=(),
        answers=(item.id,),
    )
    return [contact, said], uploads
