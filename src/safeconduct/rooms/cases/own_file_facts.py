# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of a person's own file, in the vault of the part contact (spec/own-file.md 2)."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from safeconduct.kernel.canon import Bytes16, Bytes36, Record

LINES_MOST: Final = 400
"""Lines in one file; a record that has more makes more than one."""
TALKS_MOST: Final = 64
TAG_LEAST, TAG_MOST = 2, 35


class OwnFileAsked(Record, frozen=True):
    """Somebody asks to give a person what is kept about them: these lines and conversations."""

    case: Bytes16
    person: Bytes16
    language: Annotated[str, msgspec.Meta(min_length=TAG_LEAST, max_length=TAG_MOST)]
    lines: Annotated[tuple[Bytes16, ...], msgspec.Meta(max_length=LINES_MOST)]
    talks: Annotated[tuple[Bytes16, ...], msgspec.Meta(max_length=TALKS_MOST)]


class OwnFileSeconded(Record, frozen=True):
    """A steward who is somebody else signs for it; `asked` is the id of that fact."""

    case: Bytes16
    asked: Bytes36


class OwnFileTakenBack(Record, frozen=True):
    """Who asked wants it no more."""

    case: Bytes16
    asked: Bytes36


class OwnFileMade(Record, frozen=True):
    """The file was made, and sealed or not; its desk says so before the first byte is given."""

    case: Bytes16
    asked: Bytes36
    sealed: Annotated[int, msgspec.Meta(ge=0, le=1)]


OwnFileFact = OwnFileAsked | OwnFileSeconded | OwnFileTakenBack | OwnFileMade
