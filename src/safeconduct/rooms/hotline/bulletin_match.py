# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom a bulletin touches, of what this desk can open (spec/bulletins.md 3).

What is looked for stays on the desk, and so does what is found: no fact says that a word was found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from safeconduct.kernel.normal import normal
from safeconduct.kernel.words import ConversationId
from safeconduct.rooms.hotline.bulletins import TERM_LEAST, Bulletin, Found, Touch
from safeconduct.rooms.hotline.by_hand import AnswerNoted, ContactNoted
from safeconduct.rooms.hotline.events import (
    AnswerWritten,
    ConversationHandedOver,
    HotlineFact,
    MessageReceived,
    NoteWritten,
)
from safeconduct.rooms.hotline.first_contact import FirstContact, parse_contact
from safeconduct.rooms.hotline.imported import (
    IMPORTED_FACTS,
    ImportedFact,
)
from safeconduct.rooms.hotline.pieces import Piece
from safeconduct.rooms.hotline.transcripts import TranscriptWritten
from safeconduct.rooms.hotline.words import Conversation

_NUMBER: Final = re.compile(r"\d(?:[\s()./\-\u2010-\u2015]{0,3}\d){4,}")
"""Digits as people write a telephone number; five or more."""
NUMBER_LEAST: Final = 5
NUMBER_WHOLE: Final = 7
"""So short a number is compared whole."""
NUMBER_TAIL: Final = 9
"""Of a longer one the last digits: what stands before them says from where one calls."""
WITH_TEXTS: Final = (
    *(MessageReceived, ContactNoted, AnswerWritten, AnswerNoted, *IMPORTED_FACTS),
    *(NoteWritten, ConversationHandedOver, TranscriptWritten),
)
"""Facts that bring texts into a conversation."""
_OF_ONE_TEXT: Final = (
    Piece | AnswerWritten | AnswerNoted | ImportedFact | NoteWritten | TranscriptWritten
)


def plain(text: str) -> str:
    """Return a text as it is compared: case folded, ё as е, nothing hidden, single spaces."""
    folded = normal("NFKC", normal("NFKC", text).casefold())
    seen = (char for char in folded if unicodedata.category(char) != "Cf")
    return " ".join("".join(seen).replace("ё", "е").split())


def numbers(plain_text: str) -> set[str]:
    """Return the numbers that stand in a text, as digits."""
    return {_digits(found.group()) for found in _NUMBER.finditer(plain_text)}


def same_number(found: str, wanted: str) -> bool:
    """Tell whether two numbers are one, written for callers from elsewhere."""
    if len(wanted) < NUMBER_WHOLE:
        return found == wanted
    return len(found) >= NUMBER_WHOLE and found.endswith(wanted[-NUMBER_TAIL:])


def usable(term: str) -> bool:
    """Tell whether a word to look for is long enough to be one."""
    return sum(char.isalnum() for char in term) >= TERM_LEAST


class Looker:
    """Finds words and contacts in texts; made once for many texts."""

    def __init__(self, terms: Iterable[str]) -> None:
        """Look for words, each as the beginning of one, and for telephone numbers."""
        wanted = [plain(term) for term in terms if usable(term)]
        self._numbers: Final = {_digits(term) for term in wanted if _is_number(term)}
        words = sorted(term for term in wanted if not _is_number(term))
        pattern = "|".join(_pattern(term) for term in words)
        self._words: Final = re.compile(pattern) if words else None

    def __bool__(self) -> bool:
        """Tell whether it looks for anything."""
        return bool(self._numbers or self._words)

    def finds(self, text: str) -> bool:
        """Tell whether something of it stands in a text."""
        return bool(self and text) and self.finds_in(plain(text))

    def finds_in(self, read: str) -> bool:
        """Tell the same of a text that is `plain` already, where many look in one."""
        if self._words is not None and self._words.search(read):
            return True
        found = numbers(read) if self._numbers else ()
        return any(same_number(one, wanted) for one in found for wanted in self._numbers)


class Matcher:
    """Whom one bulletin touches."""

    def __init__(self, bulletin: Bulletin) -> None:
        """Look for whom it names."""
        self.bulletin: Final = bulletin
        self.scope: Final = bulletin.scope
        self.words: Final = Looker(self.scope.look_for)
        self.regions: Final = Looker(self.scope.regions)
        self.tags: Final = frozenset(map(plain, self.scope.tags))
        self.marks: Final = dict(bulletin.marks)

    def touch(self, conversation: Conversation) -> Touch | None:
        """Return that it touches a conversation and how it was found, or None."""
        found = self._found(conversation)
        if found is None:
            return None
        bulletin = self.bulletin
        told = any(answer.written > bulletin.since for answer in conversation.answers)
        return Touch(bulletin.id, bulletin.title, found, bulletin.by, bulletin.until, told)

    def _found(self, conversation: Conversation) -> Found | None:
        names = _names(conversation)
        said = [self.marks[name].touched for name in names if name in self.marks]
        if said:
            return Found.BY_HAND if any(said) else None
        if not self.scope.conversations.isdisjoint(names):
            return Found.NAMED
        if self.words and any(map(self.words.finds, texts_of(conversation))):
            return Found.WORD
        if any(plain(tag) in self.tags for tag in conversation.triage.tags):
            return Found.TAG
        if self.regions and any(map(self.regions.finds, regions_of(conversation))):
            return Found.REGION
        return Found.EVERYONE if self.scope.everyone else None

    def may_touch(self, event: HotlineFact) -> bool:
        """Tell whether a fact may make it touch the conversation that the fact belongs to."""
        contact = contact_in(event)
        if self.regions and contact and self.regions.finds(contact.region):
            return True
        return bool(self.words) and any(map(self.words.finds, texts_in(event)))


def texts_of(conversation: Conversation) -> Iterator[str]:
    """Return what stands in a conversation, from either side and of colleagues."""
    for message in conversation.messages:
        yield message.text
        yield from (file.name for file in message.attachments)
        yield from _told(message.contact)
        if message.by_hand is not None:
            yield message.by_hand.speaker
        if message.imported is not None:
            yield message.imported.sender
    for answer in conversation.answers:
        yield answer.text
        yield from (file.name for file in answer.attachments)
        if answer.imported is not None:
            yield answer.imported.sender
    yield from (note.text for note in conversation.notes)
    yield from (passed.text for passed in conversation.handovers)
    yield from (heard.text for heard in conversation.transcripts)


def texts_in(event: HotlineFact) -> Iterator[str]:
    """Return the texts of `texts_of` that one fact brings."""
    if isinstance(event, _OF_ONE_TEXT):
        yield event.text
    if isinstance(event, MessageReceived | AnswerWritten | ImportedFact):
        yield from (file.name for file in event.files)
    if isinstance(event, ImportedFact):
        yield event.sender
    if isinstance(event, ContactNoted):
        yield event.speaker
    if isinstance(event, ConversationHandedOver):
        yield event.note
    yield from _told(contact_in(event))


def contact_in(event: HotlineFact) -> FirstContact | None:
    """Return what a fact tells beside a message."""
    return parse_contact(event.extras) if isinstance(event, Piece) else None


def regions_of(conversation: Conversation) -> Iterator[str]:
    """Return every region that the person ever named."""
    return (one.contact.region for one in conversation.messages if one.contact is not None)


def _told(contact: FirstContact | None) -> tuple[str, ...]:
    if contact is None:
        return ()
    return contact.from_whom, contact.answer_how, contact.answer_when, contact.if_silent


def _names(conversation: Conversation) -> set[ConversationId]:
    return {conversation.id, *(part.id for part in conversation.parts)}


def _digits(text: str) -> str:
    return "".join(str(unicodedata.digit(char)) for char in text if char.isdecimal())


def _is_number(term: str) -> bool:
    return len(_digits(term)) >= NUMBER_LEAST and not any(char.isalpha() for char in term)


def _pattern(term: str) -> str:
    return (r"(?<!\w)" if term[0].isalnum() else "") + re.escape(term)
