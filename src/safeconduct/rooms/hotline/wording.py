# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of a text is compared with others: hashes of its words, and of pairs of near ones.

Letters that look alike, marks on letters, signs that nobody sees, digits for letters and words that
are spaced out make no difference, nor do endings and order: who copies a text changes these first.
The words themselves cannot be read from it, but somebody who guesses them can tell.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final

from safeconduct.kernel.normal import normal

STEM: Final = 5
"""Letters of a word that count: endings change, in Russian more than elsewhere."""
WORD_LEAST: Final = 3
PAIRS_MOST: Final = 32
"""So many pairs stand for a message, the same ones wherever they stand."""
WORDS_MOST: Final = 48
PAIR: Final = 0
WORD: Final = 1
"""The last bit of a hash says of what it is."""
_MASK: Final = (1 << 56) - 2
_SPREAD: Final = 0x9E3779B97F4A7C15
_DIGIT: Final = re.compile("[013457]")
_WORDS: Final = re.compile(r"[^\W\d_]+")
_UNSEEN: Final = re.compile(
    "[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+"
)
_LOOKS: Final = tuple(zip("аесорухіјѕԁһԛԝѵαοινρɡı", "aecopyxijsdhqwvaoivpgi", strict=True))
_DIGIT_IN_WORD: Final = re.compile(r"(?<=[^\W\d_])[013457]|[013457](?=[^\W\d_])")
_DIGITS: Final = dict(zip("013457", "oieast", strict=True))
_SPACED: Final = re.compile(r"(?<!\S)(?:[^\W\d_]\s){2,}[^\W\d_](?!\S)")


def plain_of(text: str) -> str:
    """Return a text as it is compared."""
    text = text.casefold()
    if not text.isascii():
        text = _UNSEEN.sub("", normal("NFKD", text))
        for letter, looks_like in _LOOKS:  # Much faster than `str.translate`.
            text = text.replace(letter, looks_like)
    if _DIGIT.search(text):
        text = _DIGIT_IN_WORD.sub(lambda found: _DIGITS[found.group()], text)
    return _SPACED.sub(lambda found: "".join(found.group().split()), text)


def pairs_of(text: str) -> tuple[int, ...]:
    """Return the numbers of a text; of one that is too short for two pairs, that of its whole."""
    plain = plain_of(text)
    words = _WORDS.findall(plain)
    stems = [word[:STEM] for word in words if len(word) >= WORD_LEAST]
    known = {stem: _hashed(stem) for stem in set(stems)}
    row = [known[stem] for stem in stems]
    near = {_pair(*two) for step in (1, 2) for two in zip(row, row[step:], strict=False)}
    if len(near) < 2:  # noqa: PLR2004
        return (_hashed(" ".join(words) or plain.strip()) & ~1,)
    single = sorted(known.values())[:WORDS_MOST]
    return tuple(sorted({*sorted(near)[:PAIRS_MOST], *single}))


def _pair(one: int, other: int) -> int:
    """Return the number of two words, in either order; who seeks two that meet gains nothing."""
    return (one * other + (one ^ other) * _SPREAD) & _MASK


def _hashed(text: str) -> int:
    digest = blake2b(text.encode(errors="replace"), digest_size=7).digest()
    return int.from_bytes(digest, "big") | WORD
