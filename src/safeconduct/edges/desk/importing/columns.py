# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which column of a sheet says what: guessed by headers, set by a person, kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from safeconduct.edges.desk.importing.tables import Sheet
from safeconduct.kernel.canon import encode

Field = Literal["who", "date", "channel", "text", "danger", "region", "answered"]
FIELDS: Final[tuple[Field, ...]] = get_args(Field)
HEADERS_WITHIN: Final = 20
"""Rows among which the headers are looked for."""
_WORDS: Final[dict[Field, tuple[str, ...]]] = {
    "text": (
        *("message", "what was said", "said", "text", "request", "story", "description", "details"),
        *("сообщение", "текст", "запрос", "суть", "что сказ", "обращение", "описание"),
    ),
    "date": ("date", "when", "time", "received", "дата", "когда", "время", "получено"),
    "answered": ("answered", "answer", "replied", "status", "done", "ответ", "статус", "закрыт"),
    "danger": ("danger", "risk", "urgent", "priority", "опасн", "риск", "срочн"),
    "channel": ("channel", "source", "via", "how it came", "канал", "откуда обр", "источник"),
    "region": ("region", "city", "place", "location", "регион", "город", "место", "область"),
    "who": (
        *("name", "who", "code", "person", "client", "caller", "contact", "from", "phone", "nick"),
        *("имя", "кто", "код", "заявитель", "клиент", "контакт", "телефон", "ник", "псевдоним"),
    ),
}
"""Beginnings of words in headers, the surest field first."""


@dataclass(frozen=True, slots=True)
class Columns:
    """In which column, from 0, each field stands, and below which row, from 0, the rows begin."""

    header: int = -1
    fields: tuple[tuple[Field, int], ...] = ()

    def of(self, field: Field) -> int:
        """Return a field's column; -1 where it has none."""
        return dict(self.fields).get(field, -1)

    @property
    def usable(self) -> bool:
        """Whether it says at least what was said."""
        return self.of("text") >= 0


def guess(sheet: Sheet) -> Columns:
    """Return the likeliest columns of a sheet; unusable where its headers say nothing."""
    rows = sheet.rows[:HEADERS_WITHIN]
    tries = [Columns(at, _named(row)) for at, row in enumerate(rows)]
    best = max(tries, key=lambda one: len(one.fields), default=Columns())
    return best if len(best.fields) > 1 else Columns(-1, ())


def _named(row: Sequence[str]) -> tuple[tuple[Field, int], ...]:
    found: dict[Field, int] = {}
    for field, words in _WORDS.items():
        for at, cell in enumerate(row):
            said = " ".join(cell.casefold().split())
            begins = said.startswith(words) or any(f" {word}" in said for word in words)
            if len(said) < 60 and at not in found.values() and begins:  # noqa: PLR2004  (a header)
                found[field] = at
                break
    return tuple(sorted(found.items(), key=lambda one: FIELDS.index(one[0])))


def headers(sheet: Sheet, columns: Columns) -> tuple[str, ...]:
    """Return what stands above the columns; letters as programs name them where nothing does."""
    width = max((len(row) for row in sheet.rows[:1000]), default=0)
    row = sheet.rows[columns.header] if 0 <= columns.header < len(sheet.rows) else ()
    named = [*row, *[""] * (width - len(row))]
    return tuple(one.strip()[:60] or chr(65 + at % 26) for at, one in enumerate(named))


def kept_as(sheet: Sheet) -> str:
    """Return under which name the columns of a sheet are kept: a digest of its first cells."""
    rows = [row for row in sheet.rows[:HEADERS_WITHIN] if any(row)]
    head = guess(sheet).header
    first = sheet.rows[head] if head >= 0 else rows[:1]
    return hashlib.sha256(encode(tuple(first))).hexdigest()[:32]


def chosen(typed: Mapping[str, str], at: int, width: int) -> Columns:
    """Return the columns of sheet number `at` that a form names; nothing in it is believed."""

    def number(name: str, most: int) -> int:
        text = typed.get(name, "")
        fits = text.isascii() and text.isdigit() and len(text) < 6  # noqa: PLR2004
        return int(text) if fits and int(text) < most else -1

    found = [(field, number(f"{field}-{at}", width)) for field in FIELDS]
    header = number(f"header-{at}", HEADERS_WITHIN + 1) - 1
    return Columns(header, tuple((field, column) for field, column in found if column >= 0))
