# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much of one message a line takes: the rest is named, so that it can be asked for again.

A message is taken whatever hangs on it; what is too large to be sealed, or cannot be fetched, is
left out, and the letter says what it was, in the words of `came`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from safeconduct.edges.lines.came import in_words
from safeconduct.edges.lines.channel import FileHere
from safeconduct.kernel.errors import Unreachable

FILES_MOST: Final = 10
BYTES_MOST: Final = 25 << 20
"""All files of one message together, as at the counter; a file of more is not fetched at all."""
NAME_MOST: Final = 200


class FileNotNow(Unreachable):
    """A file cannot be had now, though the channel's own server is there."""

    code = "file_not_now"


def within(
    text: str, files: Sequence[FileHere], left: Sequence[str] = ()
) -> tuple[str, tuple[FileHere, ...]]:
    """Return what can be taken of a message: its text, with what was left out, and its files."""
    taken: list[FileHere] = []
    out = list(left)
    room = BYTES_MOST
    for one in files:
        if len(taken) < FILES_MOST and len(one.content) <= room:
            taken.append(one)
            room -= len(one.content)
        else:
            out.append(too_large(one.name, len(one.content)))
    return "\n".join((text, *out)).strip("\n"), tuple(taken)


def too_large(name: str, size: int = 0) -> str:
    """Return the line that names a file which is too large to take."""
    return _named("large", name, size)


def lost(name: str, size: int = 0) -> str:
    """Return the line that names a file which could not be fetched, or not be opened."""
    return _named("lost", name, size)


def _named(what: str, name: str, size: int) -> str:
    return in_words(what, f"{name[:NAME_MOST]} ({size})" if size > 0 else name[:NAME_MOST])
