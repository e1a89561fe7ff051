# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contacts that a helper typed in, and what a helper told the person by another way than ours.

What it is: a call, a meeting, a relative or another organisation, as a piece of a conversation like
any letter (spec/by-hand.md).  What it is not: the person's own writing; each piece names the helper
who typed it.  When something happened and when it was written down are kept apart.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final, Literal, get_args

from safeconduct.kernel.canon import Bytes16, Bytes32, Count, Record
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.seal.labels import label
from safeconduct.kernel.words import CONVERSATION_ID_BYTES, ConversationId, DeviceId, Instant

Way = Literal["call", "meeting", "behalf", "organisation", "other"]
WAYS: Final[tuple[Way, ...]] = get_args(Way)
OWN_WAYS: Final = frozenset({"call", "meeting"})
"""By these the person herself was heard; whoever else called ends no silence of hers."""


class ContactNoted(Record, frozen=True):
    """A helper typed in what came by another way; `extras` tell beside it what a letter's would.

    `language` is a code of the language that is understood best; `languages` says more, in words.
    """

    conversation: Bytes16
    message: Bytes32
    way: Way
    happened: Count
    language: str
    languages: str
    speaker: str
    text: str
    extras: bytes

    @property
    def arrived(self) -> int:
        """Return when it came: the word of whoever typed it in."""
        return self.happened


class AnswerNoted(Record, frozen=True):
    """A helper told the person something by another way; `answers` wait no longer."""

    conversation: Bytes16
    answer: Bytes16
    happened: Count
    text: str
    answers: tuple[Bytes32, ...]


ByHandFact = ContactNoted | AnswerNoted
BY_HAND_FACTS: Final[tuple[type[ByHandFact], ...]] = (ContactNoted, AnswerNoted)


@dataclass(frozen=True, slots=True)
class ByHand:
    """How a contact came, who spoke for whom, and which helper wrote it down when."""

    way: Way
    languages: str
    speaker: str
    by: DeviceId
    noted: Instant

    @property
    def of_person(self) -> bool:
        """Whether the person herself was heard."""
        return self.way in OWN_WAYS


def check_noted(event: ByHandFact) -> None:
    """Refuse what says nothing: as an answer it would take her off the line unheard.

    Raises:
        Malformed: it has no text.
    """
    if not event.text.strip():
        raise Malformed("noted")


def begun_by(message: bytes) -> ConversationId:
    """Return the conversation that a contact begins which belongs to none yet.

    No voice gives the same id but by chance, and the same form sent twice begins one.
    """
    digest = hashlib.sha256(label("noted") + b"\0" + message).digest()
    return ConversationId(digest[:CONVERSATION_ID_BYTES])
