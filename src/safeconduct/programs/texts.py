# SPDX-License-Identifier: AGPL-3.0-or-later
"""The long texts that one desk hands to another: shown in a terminal, or kept in a file.

They are no secrets, and run to two hundred lines: who cannot copy so many uses a file.
"""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Final

from safeconduct.kernel.errors import Malformed, Refused
from safeconduct.programs.asking import ask_block
from safeconduct.programs.wording import say

COLUMNS: Final = 66
"""Eleven groups of a text a line; a terminal takes no line of more than 4,095 characters."""
LONGEST: Final = 1 << 20
"""Bytes that a file with a text may have; a text has some ten thousand."""


class FileExists(Refused):
    """There is a file of that name already."""

    code = "file_exists"


class NoSuchText(Refused):
    """There is no file of that name to read."""

    code = "no_such_text"


def keep_free(file: Path | None) -> None:
    """Refuse a file that is there already, before anything is done for it.

    Raises:
        FileExists: it is.
    """
    if file is not None and file.exists():
        raise FileExists


def give(text: str, file: Path | None) -> None:
    """Show a text, or write it to a new file and say so.

    Raises:
        FileExistsError: somebody has made one of that name meanwhile; OSError: it cannot be made.
    """
    lines = "\n".join(textwrap.wrap(text, COLUMNS, break_on_hyphens=True)) + "\n"
    if file is None:
        print(f"\n{lines}", flush=True)
        return
    with file.open("x", encoding="ascii") as kept:
        kept.write(lines)
    print(say("The text is in the file {file}", file=file), flush=True)


def take(file: Path | None, question: str) -> str:
    """Return a text that is typed or pasted, or that stands in a file.

    Raises:
        Malformed: the file holds none.  NoSuchText: there is no such file.
        OSError: it cannot be read.
    """
    if file is None:
        return ask_block(question)
    try:
        with file.open("rb") as kept:
            found = kept.read(LONGEST)
    except FileNotFoundError as error:
        raise NoSuchText from error
    lines = found.decode("utf-8-sig", "replace").split()
    if not lines:
        raise Malformed("text")
    return "\n".join(lines)
