# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of risk: what somebody judged by an instrument, and what a second person said of it.

Both stand in the vault of the part journey (spec/risk.md 2).
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes36, Count32, Record

ITEM_MOST: Final = 32
ITEMS_MOST: Final = 64
BAND_MOST: Final = 16
WORDS_MOST: Final = 4_000
SAW_MOST: Final = 256
ItemName = Annotated[str, msgspec.Meta(min_length=1, max_length=ITEM_MOST)]
Choice = Annotated[str, msgspec.Meta(min_length=1, max_length=BAND_MOST)]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=WORDS_MOST)]


class RiskAssessed(Record, frozen=True):
    """Somebody judged in how great a danger a person of a case is, and says why.

    `person` is a sheet of the record, `weighs` are the items that the band rests on, and `due`
    counts days of UTC since 1970.  `saw` are the facts that the author took into account: earlier
    assessments of this person, which this one follows, and what called for a new one.
    """

    case: Bytes16
    person: Bytes16
    instrument: ItemName
    version: Count32
    answers: Annotated[tuple[tuple[ItemName, Choice], ...], msgspec.Meta(max_length=ITEMS_MOST)]
    weighs: Annotated[tuple[ItemName, ...], msgspec.Meta(min_length=1, max_length=ITEMS_MOST)]
    band: Choice
    words: Words
    changes: Words
    due: Count32
    saw: Annotated[tuple[Bytes36, ...], msgspec.Meta(max_length=SAW_MOST)]


class RiskSeconded(Record, frozen=True):
    """A second person says the same of an assessment, or another band, with words."""

    case: Bytes16
    assessment: Bytes36
    band: Choice
    words: Annotated[str, msgspec.Meta(max_length=WORDS_MOST)]
