# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page says beside a letter that was written from a slip (spec/slips.md 4).

Total: what is no report, or of a newer version, reports nothing, and the letter is a letter.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Final, NamedTuple

from safeconduct.kernel.canon import Codec
from safeconduct.kernel.errors import SafeconductError

SLIP: Final = "slip"
"""The key in a letter's and in an answer's extras."""
VERSION: Final = 1
WORD_MOST: Final = 200
_EXTRAS: Final[Codec[Any]] = Codec(Any, "extras")


class SaidSo(Enum):
    """What they say; the first their page says by itself."""

    OPENED = "opened"
    READ = "read"
    UNDERWAY = "underway"
    ARRIVED = "arrived"


class Report(NamedTuple):
    """What was said, and the word with it; empty where none was typed."""

    said: SaidSo
    word: str


def parse_report(extras: bytes) -> Report | None:
    """Return what a letter's encoded extras report, or None where they report nothing."""
    try:
        beside = _EXTRAS.decode_own(extras) if extras else None
    except SafeconductError:
        return None
    told = beside.get(SLIP) if isinstance(beside, dict) else None
    if not isinstance(told, dict) or told.get("version") != VERSION:
        return None
    said, word = told.get("said"), told.get("word", "")
    if not isinstance(said, str) or said not in {one.value for one in SaidSo}:
        return None
    return Report(SaidSo(said), word[:WORD_MOST] if isinstance(word, str) else "")
