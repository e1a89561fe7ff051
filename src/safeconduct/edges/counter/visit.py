# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person's browser does on the portal, done for one request (spec/mailbox.md).

Draw words and make keys of them, seal a letter and its files, read what waits in her box.
Nothing here outlives the process.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.edges.person.device import At, Device, Mailbox, Outgoing, Waiting, new_file
from safeconduct.kernel.errors import Refused, SafeconductError
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.kernel.phrase import Phrase, canonical, words_of
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.seal.office_words import office_words
from safeconduct.kernel.seal.stretch import part, stretch_phrase
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import Address, Instant, OfficeId
from safeconduct.rooms.hotline.first_contact import asked_by_form, write_contact
from safeconduct.rooms.hotline.first_words import read_words
from safeconduct.rooms.hotline.letters import Box, Letter
from safeconduct.rooms.hotline.sealed_files import SealedFile

if TYPE_CHECKING:
    from safeconduct.edges.counter.config import CounterConfig
    from safeconduct.edges.counter.forms import Upload

WORDS: Final = 8
WORD_BITS_BYTES: Final = 11  # 8 words of 11 bits
TEXT_BYTES: Final = 200_000
FORMAT: Final = 1
NANOSECONDS: Final = 1_000_000
"""In a millisecond."""


class WordsAreOurs(Refused):
    """The words that were typed are the office's own."""

    code = "words_ours"


@dataclass(frozen=True, slots=True)
class Written:
    """What she wrote, in which language, and the fields of what she told beside it."""

    language: str
    text: str
    told: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Carried:
    """A file of a letter, and the code of what kept it from arriving; empty when it is there."""

    name: str
    trouble: str


class Visit:
    """One request's way to one office."""

    def __init__(self, config: CounterConfig) -> None:
        """Check the pinned key; connect to nothing yet.

        Raises:
            BadKey: the configuration's key is refused.
        """
        self._office: Final = OfficeId(config.office)
        self._pin: Final = LongVerifyKey.parse(config.intake_signing)
        self._device: Final = Device(At(self._office, self._pin, config.relay))

    def draw(self, language: str) -> Phrase:
        """Return eight fresh words of the list that is drawn from in a language."""
        words = words_of(secrets.token_bytes(WORD_BITS_BYTES), WORDS, LANGUAGES[language].words)
        return Phrase(LANGUAGES[language].words, words)

    def mailbox(self, phrase: Phrase) -> Mailbox:
        """Return the box and keys of eight words; takes a moment by design.

        Raises:
            WordsAreOurs: everyone knows these, and everyone could read what lies under them.
        """
        if phrase.words == office_words(self._office, self._pin.short.raw, phrase.language):
            raise WordsAreOurs
        secret = stretch_phrase(canonical(phrase), self._office)
        key = SealingKey.from_seed(part(secret, "mailbox-seal"))
        address = Address(part(secret, "mailbox-address"))
        return Mailbox(Box(self._office, address, key.public, part(secret, "mailbox-voice")), key)

    def send(self, mailbox: Mailbox, written: Written, uploads: list[Upload]) -> list[Carried]:
        """Seal and store a letter, words first, then each file; a file's trouble stops no other.

        Raises:
            Unreachable, Refused, Untrusted: the letter was not stored.
        """
        made = [new_file(each.name, len(each.data), each.media_type) for each in uploads]
        self._device.post(_letter(mailbox.box, written, tuple(file for file, _ in made)))
        return [
            Carried(upload.name, self._carry(outgoing, upload))
            for (_, outgoing), upload in zip(made, uploads, strict=True)
        ]

    def first_words(self, language: str) -> str:
        """Return what the office says at once in a language; empty where it has nothing to say.

        Fails towards the page's own words: what is not signed or has ended is as good as none.
        """
        now = Instant(time.time_ns() // NANOSECONDS)
        try:
            words = read_words(self._device.first_words(), self._office, self._pin, now)
        except SafeconductError:
            return ""
        return words.texts.get(language, "")

    def look(self, mailbox: Mailbox) -> list[Waiting]:
        """Return what waits in a box; what does not open was not written by the office."""
        return self._device.look(mailbox)

    def fetch(self, file: SealedFile) -> Iterator[bytes]:
        """Give a file of an answer piece by piece, the first of which is there when this returns.

        Raises:
            Unreachable, NotFound, CannotOpen: it is not there, or not what the office sent.
        """
        return self._device.fetch(file)

    def _carry(self, outgoing: Outgoing, upload: Upload) -> str:
        """Store one file, letting go of its bytes as they are sealed; return a trouble's code."""
        try:
            self._device.carry(outgoing, upload.data)
        except SafeconductError as error:
            return error.code
        return ""


def _letter(box: Box, written: Written, files: tuple[SealedFile, ...]) -> Letter:
    extras = write_contact(asked_by_form(written.told))
    own = box.voice, box.address, box.key.raw
    return Letter(FORMAT, *own, written.language, written.text, files, extras)
