# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fact of a letter of support, in the vault of the part contact (spec/relocation.md 5)."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes32, Record

RECIPIENT_MOST: Final = 200
TAG_LEAST, TAG_MOST = 2, 35


class LetterMade(Record, frozen=True):
    """A letter of support was made for a person; its desk says so before the first byte is given.

    `consent` is the one under which it was, and `digest` tells a copy of it from any other paper.
    Which lines of the record stand in it, or of which part, it does not say: keys of lines are made
    of their words, and whoever holds this part alone could guess those of another.
    """

    case: Bytes16
    person: Bytes16
    consent: Bytes16
    recipient: Annotated[str, msgspec.Meta(min_length=1, max_length=RECIPIENT_MOST)]
    language: Annotated[str, msgspec.Meta(min_length=TAG_LEAST, max_length=TAG_MOST)]
    digest: Bytes32
    sealed: Annotated[int, msgspec.Meta(ge=0, le=1)]
