# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first words as a relay keeps them for everybody (docs/spec/first-words.md 2).

They are public, the same bytes for everyone, and nothing in them is about anybody.  A signature is
checked elsewhere: by the relay's offices, by desks and the counter, and by pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Meta

from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.wire.bodies import U64, Office, One
from safeconduct.kernel.wire.intake import LONG_SIGNATURE_BYTES
from safeconduct.kernel.words import DAY, Instant

LIVES: Final = 7 * DAY
"""So long a server can go on showing words that the office took back, and no longer."""
CLOCKS_APART: Final = DAY
"""So far ahead of a relay a desk's clock may be."""
TEXT_MOST: Final = 1_200
"""Bytes of UTF-8 in one language: what somebody afraid reads on a phone without turning it."""
LANGUAGES_MOST: Final = 8

Language = Annotated[str, Meta(min_length=1, max_length=16)]
Text = Annotated[str, Meta(min_length=1, max_length=TEXT_MOST)]


class FirstWords(Record, frozen=True):
    """What a page says at once, by language; no text in any language takes earlier ones back.

    `made` orders them, and `until` ends them whatever a server does.
    """

    version: One
    office: Office
    made: U64
    until: U64
    texts: Annotated[dict[Language, Text], Meta(max_length=LANGUAGES_MOST)]

    def __post_init__(self) -> None:
        """Refuse words that would live too long.

        Raises:
            Malformed: see there.
        """
        if not self.made <= self.until <= self.made + LIVES:
            raise Malformed("first_words")


@dataclass(frozen=True, slots=True)
class SignedWords:
    """First words with their long signature of purpose `first-words`, which nobody checked yet."""

    words: FirstWords
    signature: bytes

    @property
    def message(self) -> bytes:
        """What the signature stands over."""
        return encode(self.words)

    def stand(self, now: Instant) -> bool:
        """Tell whether they have not ended."""
        return now < self.words.until


_WORDS: Final[Codec[FirstWords]] = Codec(FirstWords, "first_words")


def parse_first_words(raw: bytes) -> SignedWords:
    """Return first words and their unchecked signature.

    Raises:
        Malformed: no first words, or of a longer life than any may have.
        NotCanonical: not in the one encoding.
    """
    body, signature = raw[:-LONG_SIGNATURE_BYTES], raw[-LONG_SIGNATURE_BYTES:]
    return SignedWords(_WORDS.decode(body), signature)


def write_first_words(signed: SignedWords) -> bytes:
    """Return the words' bytes and their signature."""
    return signed.message + signed.signature
