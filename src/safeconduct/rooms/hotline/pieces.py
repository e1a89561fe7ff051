# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the person, or somebody for her, said to us: from records to messages, each once.

Letters and what helpers typed in stand in one order, by when they came (spec/by-hand.md 2).
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from safeconduct.kernel.canon import encode
from safeconduct.kernel.words import BlobId, DeviceId, Instant, MessageId
from safeconduct.rooms.hotline.by_hand import AnswerNoted, ByHand, ContactNoted
from safeconduct.rooms.hotline.by_line import EXTRA as LINE
from safeconduct.rooms.hotline.by_line import LineMark, Sender, parse_mark
from safeconduct.rooms.hotline.events import MessageRead, MessageReceived
from safeconduct.rooms.hotline.first_contact import FirstContact, arrived_at, parse_contact
from safeconduct.rooms.hotline.imported import (
    AnswerImported,
    ContactImported,
    Imported,
    ImportedFact,
)
from safeconduct.rooms.hotline.sealed_files import SealedFile
from safeconduct.rooms.hotline.spoken import EXTRA as CALL
from safeconduct.rooms.hotline.spoken import CallMark, parse_call
from safeconduct.rooms.hotline.words import Answer, Attachment, Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from safeconduct.kernel.words import OfficeId
    from safeconduct.rooms.hotline.told import Told

Piece = MessageReceived | ContactNoted | ContactImported
_LINE: Final = encode(LINE)
_CALL: Final = encode(CALL)
"""What stands in encoded extras that tell of it; most tell nothing, and are not read for it."""


class _Said(NamedTuple):
    """What a record says, but for when it came; its fields have an order."""

    text: str
    language: str
    files: bytes
    via: str
    extras: bytes


def attachment(file: SealedFile) -> Attachment:
    """Return the attachment that a fact describes."""
    return Attachment(BlobId(file.blob), file.key, file.name, file.size, file.media_type)


def in_time(event: Piece, recorded: Instant) -> Piece:
    """Return the record with a time that can be: nothing arrives after it was recorded."""
    if event.arrived <= recorded:
        return event
    if isinstance(event, ContactNoted | ContactImported):
        return replace(event, happened=recorded)
    return replace(event, arrived=recorded)


def messages_of(
    events: Sequence[Piece], facts: Sequence[Told], office: OfficeId | None
) -> tuple[Message, ...]:
    """Return the messages in the order in which they came."""
    readers, noted, imported = _readers(facts), _noted(facts), _imported(facts)
    recorded: dict[bytes, int] = {}
    for event in events:
        recorded.setdefault(event.message, len(recorded))

    def place(one: tuple[Piece, _Said]) -> tuple[int, int, _Said]:
        return one[0].arrived, recorded[one[0].message], one[1]

    return tuple(
        Message(
            id=MessageId(event.message),
            arrived=Instant(event.arrived),
            language=event.language,
            text=event.text,
            attachments=_attachments(event),
            via=said.via,
            read_by=tuple(sorted(readers.get(event.message, ()))),
            contact=_beside(event),
            by_hand=noted[event.message, said] if isinstance(event, ContactNoted) else None,
            imported=_where(event, imported),
            line=line_of(event, office),
            call=_call(event),
        )
        for event, said in sorted(_once(events), key=place)
    )


def line_of(event: Piece, office: OfficeId | None) -> LineMark | None:
    """Return what a record tells of the line that it came by; None where none signed it."""
    if office is None or not isinstance(event, MessageReceived) or _LINE not in event.extras:
        return None
    sender = Sender(event.voice, event.address, event.sealing_key)
    return parse_mark(event.extras, office, sender)


def answer_noted(fact: Told, event: AnswerNoted) -> Answer:
    """Return what a helper told the person by another way; nothing of it is sent or ends."""
    at = min(Instant(event.happened), fact.at)
    answers = tuple(MessageId(message) for message in event.answers)
    return Answer(
        *(event.answer, at, fact.device, event.text, ()),
        expires=at,
        sent=True,
        answers=answers,
        noted=fact.at,
    )


def answers_imported(facts: Iterable[Told]) -> tuple[Answer, ...]:
    """Return what the office had said before, each once; nothing of it is sent or ends."""
    once: dict[bytes, Answer] = {}
    for item in facts:
        event = item.event
        if not isinstance(event, AnswerImported):
            continue
        at = min(Instant(event.happened), item.at)
        where = Imported(event.source, event.sender, dated=True, by=item.device, noted=item.at)
        answer = Answer(
            *(event.answer, at, item.device, event.text, tuple(map(attachment, event.files))),
            expires=at,
            sent=True,
            answers=tuple(MessageId(message) for message in event.answers),
            noted=item.at,
            imported=where,
        )
        # Brought in at two desks it is one, and whatever either says is answered waits no longer.
        before = once.setdefault(event.answer, answer)
        both = tuple(sorted({*before.answers, *answer.answers}))
        once[event.answer] = dataclasses.replace(before, answers=both)
    return tuple(once.values())


def spare_files(
    events: Iterable[Piece], facts: Iterable[Told], shown: Iterable[Attachment]
) -> tuple[Attachment, ...]:
    """Return the files of what was brought in twice that no piece shows: they lie there as well."""
    known = {file.blob for file in shown}
    brought: list[ImportedFact] = [one for one in events if isinstance(one, ContactImported)]
    brought += [one.event for one in facts if isinstance(one.event, AnswerImported)]
    files = {attachment(file) for one in brought for file in one.files if file.blob not in known}
    return tuple(sorted(files, key=lambda file: file.blob))


def _readers(facts: Sequence[Told]) -> dict[bytes, set[DeviceId]]:
    """Return who saw each message; whoever typed one in knows it."""
    readers: dict[bytes, set[DeviceId]] = {}
    for item in facts:
        read: Sequence[bytes] = ()
        if isinstance(item.event, MessageRead):
            read = item.event.messages
        elif isinstance(item.event, ContactNoted):
            read = (item.event.message,)
        for message in read:
            readers.setdefault(message, set()).add(item.device)
    return readers


def _noted(facts: Sequence[Told]) -> dict[tuple[bytes, _Said], ByHand]:
    noted: dict[tuple[bytes, _Said], ByHand] = {}
    for item in facts:
        event = item.event
        if isinstance(event, ContactNoted):
            by = ByHand(event.way, event.languages, event.speaker, item.device, item.at)
            noted.setdefault((event.message, _said(event)), by)
    return noted


def _imported(facts: Sequence[Told]) -> dict[tuple[bytes, _Said], Imported]:
    imported: dict[tuple[bytes, _Said], Imported] = {}
    for item in facts:
        event = item.event
        if isinstance(event, ContactImported):
            dated = bool(event.dated)
            where = Imported(event.source, event.sender, dated, item.device, item.at)
            imported.setdefault((event.message, _said(event)), where)
    return imported


def _call(event: Piece) -> CallMark | None:
    return parse_call(event.extras) if _CALL in event.extras else None


def _where(event: Piece, imported: dict[tuple[bytes, _Said], Imported]) -> Imported | None:
    return imported[event.message, _said(event)] if isinstance(event, ContactImported) else None


def _said(event: Piece) -> _Said:
    if isinstance(event, ContactImported):
        # Two desks that bring in one file seal its files apart; they are the same files.
        files = [(file.name, file.size) for file in event.files]
        more = encode((event.sender, event.dated, files))
        return _Said(event.text, "", more, f"imported-{event.source}", event.extras)
    if isinstance(event, ContactNoted):
        more = encode((event.languages, event.speaker))
        return _Said(event.text, event.language, more, f"by-hand-{event.way}", event.extras)
    return _Said(event.text, event.language, encode(event.files), event.via, event.extras)


def _attachments(event: Piece) -> tuple[Attachment, ...]:
    files = () if isinstance(event, ContactNoted) else event.files
    return tuple(attachment(file) for file in files)


def _beside(event: Piece) -> FirstContact | None:
    told = parse_contact(event.extras)
    return told and arrived_at(told, Instant(event.arrived))


def _once(events: Sequence[Piece]) -> Iterable[tuple[Piece, _Said]]:
    """Return each message once, and one that two desks tell differently twice.

    A colleague who writes that somebody said something else must not take her own words away, and
    of the times that are told the earliest stands, so that none makes her wait longer.
    """
    once: dict[tuple[bytes, type[Piece], _Said], Piece] = {}
    for event in events:
        said = event.message, type(event), _said(event)
        if event.arrived < once.setdefault(said, event).arrived:
            once[said] = event
    return [(event, said) for (_, _, said), event in once.items()]
