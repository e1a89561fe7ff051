# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a source gives: an item with its whole text and its files, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from safeconduct.kernel.errors import Refused, SafeconductError
from safeconduct.rooms.hotline.decide import ANSWER_FILE_MOST, TEXT_MOST
from safeconduct.rooms.hotline.import_plan import Item, Left
from safeconduct.rooms.hotline.imported import FILES_MOST, SENDER_MOST

BEGINS_MOST: Final = 60
"""Characters of an item that the report shows."""
NAME_MOST: Final = 120
WHOLE_TEXT: Final = "whole-text.txt"


class LookedMeanwhile(Refused):
    """What was chosen is of files that are not the ones that were looked at last."""

    code = "looked_meanwhile"


class NotReadable(Refused):
    """The file is none that can be brought in, or is damaged from its beginning."""

    code = "not_readable"


class NoFileChosen(NotReadable):
    """Somebody asked to read a file and chose none."""

    code = "no_file_chosen"


class NoWorkbook(NotReadable):
    """It is no workbook in which a form can stand."""

    code = "no_workbook"


class NoTable(NotReadable):
    """It is no table."""

    code = "no_table"


class NoSubmissions(NotReadable):
    """It is nothing that phones fill in."""

    code = "no_submissions"


def expecting(wanted: type[NotReadable], error: SafeconductError) -> SafeconductError:
    """Return what to tell where only such files are taken: of no others a word."""
    return wanted() if error.code == NotReadable.code else error


class TooMuch(Refused):
    """The file, or what is packed in it, is larger than this may read at once."""

    code = "import_too_much"


class FoundFile(NamedTuple):
    """A file that came with an item."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An item, with what the report has no need of."""

    item: Item
    text: str
    files: tuple[FoundFile, ...] = ()
    region: str = ""
    answer: str = ""
    """What a sheet says of the answer."""


class Source(Protocol):
    """A file or a mailbox, read from its beginning as often as one likes."""

    def read(self) -> Iterator[Found | Left]:
        """Yield its items in their order, each time the same.

        Raises:
            NotReadable, TooMuch, NoSandbox, Unreachable: it cannot be read at all.
        """


def line(text: str, most: int = SENDER_MOST) -> str:
    """Return a name, an address or a beginning as one line without what hides or turns."""
    seen = "".join(char if char.isprintable() else " " for char in text[: most * 4])
    return " ".join(seen.split())[:most]


def fitting(
    text: str, files: Iterable[FoundFile]
) -> tuple[str, tuple[FoundFile, ...], tuple[str, ...]]:
    """Return text and files as facts can hold them, and remarks on what could not be.

    A text that is too long is whole in a file of its own.
    """
    text = text.replace("\0", "").replace("\r\n", "\n").strip()
    kept, remarks = [], []
    raw = text.encode("utf-8", "replace")
    if len(raw) > TEXT_MOST:
        kept.append(FoundFile(WHOLE_TEXT, "text/plain", raw))
        remarks.append("cut")
    for file in files:
        if not file.content or len(file.content) > ANSWER_FILE_MOST or len(kept) >= FILES_MOST:
            remarks.append("file_left")
        else:
            kept.append(file._replace(name=line(file.name, NAME_MOST) or "file"))
    cut = raw[:TEXT_MOST].decode("utf-8", "ignore")
    return cut, tuple(kept), tuple(dict.fromkeys(remarks))
