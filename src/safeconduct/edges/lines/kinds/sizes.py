# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much of one message a line takes: the rest is named, so that it can be asked for again.

A message is taken whatever hangs on it; what is too large to be sealed is left out, and the letter
says what it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from safeconduct.edges.lines.channel import FileHere

FILES_MOST: Final = 10
BYTES_MOST: Final = 25 << 20
"""All files of one message together, as at the counter."""
NAME_MOST: Final = 200
LEFT_OUT: Final = "[file not taken: {name}, {size} bytes]"
"""Read by the office, in whatever language it works; it stands below the person's words."""


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
            out.append(left_out(one.name, len(one.content)))
    return "\n".join((text, *out)).strip("\n"), tuple(taken)


def left_out(name: str, size: int) -> str:
    """Return the line that names a file which was not taken."""
    return LEFT_OUT.format(name=name[:NAME_MOST], size=size)
