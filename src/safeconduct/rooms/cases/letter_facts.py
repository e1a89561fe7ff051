# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fact of a letter of support, in the vault of the part contact (spec/relocation.md 5)."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes32, Record

RECIPIENT_MOST: Final = 200
LINES_MOST: Final = 100
PARTS_MOST: Final = 6
PART_MOST: Final = 32
TAG_LEAST, TAG_MOST = 2, 35


class LetterMade(Record, frozen=True):
    """A letter of support was made for a person; its desk says so before the first byte is given.

    `consent` is the one under which it was, `lines` are keys of what of the record stands in it,
    `parts` those in which that stands, and `digest` tells a copy of it from any other paper.
    """

    case: Bytes16
    person: Bytes16
    consent: Bytes16
    recipient: Annotated[str, msgspec.Meta(min_length=1, max_length=RECIPIENT_MOST)]
    language: Annotated[str, msgspec.Meta(min_length=TAG_LEAST, max_length=TAG_MOST)]
    parts: Annotated[
        tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=PART_MOST)], ...],
        msgspec.Meta(max_length=PARTS_MOST),
    ]
    lines: Annotated[tuple[Bytes16, ...], msgspec.Meta(max_length=LINES_MOST)]
    digest: Bytes32
    sealed: Annotated[int, msgspec.Meta(ge=0, le=1)]
