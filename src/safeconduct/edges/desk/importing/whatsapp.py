# SPDX-License-Identifier: AGPL-3.0-or-later
"""WhatsApp's exported chat: a text whose dates are written as the telephone wrote them.

No export says of itself which of day and month comes first: `order_of` finds out from all lines,
and the report says where it could not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Final, NamedTuple

from safeconduct.edges.desk.importing.found import (
    BEGINS_MOST,
    Found,
    FoundFile,
    NotReadable,
    TooMuch,
    fitting,
    line,
)
from safeconduct.edges.desk.importing.packed import Packed
from safeconduct.edges.desk.importing.plain_text import decoded
from safeconduct.kernel.words import SECOND, Instant
from safeconduct.rooms.hotline.decide import ANSWER_FILE_MOST
from safeconduct.rooms.hotline.import_plan import Item, Left
from safeconduct.rooms.hotline.imported import item_id

TEXT_MOST: Final = 128 << 20
_HEAD: Final = re.compile(
    r"\[?(\d{1,4})[./\-](\d{1,2})[./\-](\d{1,4}),? (\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?"
    r"(?: ?([^\W\d]{1,3}\.? ?[^\W\d]?\.?))?(?:\] | - )(.*)",
    re.DOTALL,
)
_HIDDEN: Final = dict.fromkeys(
    (0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF)
)
_SPACES: Final = {0x202F: " ", 0xA0: " ", 0x2009: " "}
_AFTERNOON: Final = frozenset({"pm", "م", "мп", "пп"})
_MORNING: Final = frozenset({"am", "ص", "дп"})
DAYS: Final = 12
"""What is more than this is a day and no month."""
HOURS: Final = 12


class _Line(NamedTuple):
    """One message: its date as numbers, its time, who wrote, and what."""

    numbers: tuple[int, int, int]
    time: tuple[int, int, int]
    half: str
    sender: str
    text: str


class _Around(NamedTuple):
    """What a message is read by: the order of its date, who else wrote, what lies beside it."""

    order: str
    sure: bool
    others: list[str]
    beside: dict[str, str]


class WhatsApp:
    """An exported chat."""

    def __init__(self, packed: Packed, ours: Collection[str], zone: tzinfo | None) -> None:
        """Read what is packed; `ours` are names under which the office wrote."""
        self._packed: Final = packed
        self._ours: Final = {one.casefold() for one in ours}
        self._zone: Final = zone

    def read(self) -> Iterator[Found | Left]:
        """Yield its messages."""
        name = next(iter(self._packed.named(".txt")), "")
        raw = self._packed.read(name, TEXT_MOST)
        if raw is None:
            raise TooMuch
        lines = list(lines_of(decoded(raw)))
        if not lines:
            raise NotReadable
        others = {one.sender for one in lines if one.sender and not self._is_ours(one)}
        same: Counter[tuple[object, ...]] = Counter()
        beside = {name.rpartition("/")[2]: name for name in self._packed.names}
        around = _Around(*order_of(lines), sorted(others), beside)
        for number, one in enumerate(lines, 1):
            if not one.sender:
                yield Left(number, "service")
                continue
            same[one] += 1
            yield self._item(one, number, same[one], around)

    def _is_ours(self, one: _Line) -> bool:
        return one.sender.casefold() in self._ours

    def _item(self, one: _Line, number: int, again: int, around: _Around) -> Found | Left:
        others = around.others
        files, missing = self._files(one.text, around.beside)
        text, kept, remarks = fitting(one.text, files)
        ours = self._is_ours(one)
        if not text and not kept:
            return Left(number, "empty", one.sender)
        if ours and len(others) > 1:
            return Left(number, "ours_to_all", one.sender)
        happened = _instant(one, around.order, self._zone)
        more = ("undated",) if happened is None else () if around.sure else ("order_guessed",)
        item = Item(
            id=item_id("whatsapp", repr((one.numbers, one.time)), one.sender, text, str(again)),
            source="whatsapp",
            where=number,
            who=(others[0] if others else "?") if ours else one.sender,
            sender=one.sender,
            happened=happened,
            begins=line(text, BEGINS_MOST),
            ours=ours,
            remarks=(*remarks, *(("file_elsewhere",) if missing else ()), *more),
        )
        return Found(item=item, text=text, files=kept)

    def _files(self, text: str, beside: dict[str, str]) -> tuple[list[FoundFile], bool]:
        """Take the files that a message names, of those that lie beside the text.

        Each is taken once: who writes its name a thousand times has not sent it a thousand times.
        """
        first = text.partition("\n")[0]
        if len(first) > 400 or "." not in first:  # noqa: PLR2004  (no line of WhatsApp's own)
            return [], False
        found, missing = [], False
        for word in re.findall(r"[^\s<>:()]+\.\w{2,5}", first):
            if place := beside.pop(word, None):
                content = self._packed.read(place, ANSWER_FILE_MOST)
                missing = missing or content is None
                if content is not None:
                    found.append(FoundFile(word, "application/octet-stream", content))
        return found, missing


def lines_of(text: str) -> Iterator[_Line]:
    """Yield the messages of a chat; a line that begins none belongs to the one before."""
    before: _Line | None = None
    more: list[str] = []
    for raw in text.splitlines():
        clean = raw.translate(_HIDDEN).translate(_SPACES)
        found = _HEAD.match(clean)
        if found is None:
            more.append(clean)
            continue
        if before is not None:
            yield before._replace(text="\n".join((before.text, *more)).strip())
        before, more = _parted(found), []
    if before is not None:
        yield before._replace(text="\n".join((before.text, *more)).strip())


def _parted(found: re.Match[str]) -> _Line:
    numbers = [int(one) if one else 0 for one in found.groups()[:6]]
    sender, colon, text = found.group(8).partition(": ")
    if not colon and found.group(8).endswith(":"):
        sender, colon = found.group(8)[:-1], ":"
    half = "".join(char for char in (found.group(7) or "").casefold() if char.isalpha())
    return _Line(
        (numbers[0], numbers[1], numbers[2]),
        (numbers[3], numbers[4], numbers[5]),
        half,
        line(sender) if colon else "",
        text if colon else found.group(8),
    )


def order_of(lines: Iterable[_Line]) -> tuple[str, bool]:
    """Return the order of day, month and year, and whether the lines leave no doubt of it."""
    first = second = year_first = 0
    for one in lines:
        year_first |= one.numbers[0] > 31  # noqa: PLR2004  (no day of a month)
        first = max(first, one.numbers[0])
        second = max(second, one.numbers[1])
    if year_first:
        return "ymd", True
    if first > DAYS or second > DAYS:
        return ("dmy", True) if first > DAYS else ("mdy", True)
    return "dmy", False


def _instant(one: _Line, order: str, zone: tzinfo | None) -> Instant | None:
    told = dict(zip(order, one.numbers, strict=True))
    year = told["y"] + 2000 if told["y"] < 100 else told["y"]  # noqa: PLR2004  (two digits)
    hour, minute, second = one.time
    if one.half in _AFTERNOON and hour < HOURS:
        hour += HOURS
    elif one.half in _MORNING and hour == HOURS:
        hour = 0
    try:
        moment = datetime(year, told["m"], told["d"], hour, minute, second, tzinfo=zone)
        seconds = int(moment.timestamp())
    except (ValueError, OverflowError, OSError):
        return None
    return Instant(seconds * SECOND) if seconds > 0 else None


def is_chat(text: str) -> bool:
    """Tell whether a text begins as such an export does."""
    clean = text.translate(_HIDDEN).translate(_SPACES)
    return any(_HEAD.match(one) for one in clean.splitlines()[:5])


__all__ = ["WhatsApp", "is_chat", "lines_of", "order_of"]
