# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the sheets of an XLSForm to a form that this office can ask with (spec/forms.md 1).

Source: the XLSForm standard (https://xlsform.org/en/ref-table/).  Cells are text that the reader
of spreadsheets gave back (spec/import.md 4); nothing here computes anything.
Invariant: what the form says and this program does not do is told with its line and name, and a
question whose part nobody chose stands in none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from msgspec import structs

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.cases.form_facts import (
    CHOICES_MOST,
    FORM_ID_MOST,
    ITEMS_MOST,
    LABEL_MOST,
    LANGUAGES_MOST,
    NAME_MOST,
    Choice,
    Item,
    Labels,
)
from safeconduct.rooms.cases.office_forms import FORMS, GROUP, NOTE, RISK
from safeconduct.rooms.cases.office_instruments import can_be_item
from safeconduct.rooms.cases.words import Part

Rows = Sequence[Sequence[str]]
PART_COLUMN: Final = "bind::safeconduct:part"
TOLD_MOST: Final = 1_000
TYPES: Final = {"int": "integer", "string": "text", "select": "select_multiple"}
"""Older names of types, as pyxform takes them."""
METADATA: Final = frozenset(
    {"start", "end", "today", "deviceid", "phonenumber", "simserial", "subscriberid", "username"}
    | {"email", "audit", "start-geopoint", "background-audio", "hidden", "xml-external"}
)
"""What a phone writes by itself: whose phone, where and when."""
NOT_DONE: Final = ("relevant", "constraint", "choice_filter", "calculation", "default")
"""Columns of which a page shows the words beside the question, and does not reckon."""
_USED: Final = frozenset({"type", "name", "label", "hint", "required", PART_COLUMN})
_SETTINGS: Final = frozenset({"form_id", "id_string", "form_title", "version", "default_language"})
_OF_CHOICES: Final = frozenset({"list_name", "name", "value"})
_NAME: Final = re.compile(r"[^\W\d][\w.\-]*")
_LANGUAGE: Final = re.compile(r"\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\)\s*$", re.ASCII)
_YES: Final = frozenset({"yes", "true", "true()", "1"})
_NO: Final = frozenset({"", "no", "false", "false()", "0"})


class NoXlsForm(Refused):
    """The workbook has no sheet `survey` with columns `type` and `name`, or asks nothing."""

    code = "no_xlsform"


class Remark(NamedTuple):
    """What is not taken from a form as it stands there: why, where, and its words."""

    code: str
    line: int
    name: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a workbook asks; questions may still lack a part."""

    form: str
    version: str
    title: Labels
    language: str
    items: tuple[Item, ...]
    lines: tuple[int, ...]
    """In which line of the sheet `survey` each item stands."""
    remarks: tuple[Remark, ...]


@dataclass(slots=True)
class _Reading:
    """How far a reader is: open groups, and what it found."""

    choices: Mapping[str, tuple[Choice, ...]]
    remarks: list[Remark]
    items: list[Item] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    groups: list[tuple[str, str, bool]] = field(default_factory=list)
    """Name, part, and whether it is asked only sometimes."""
    repeats: int = 0

    def path(self, name: str) -> str:
        """Return the path of something in the groups that are open."""
        return "/".join([*(one for one, _, _ in self.groups), name])


def read_xlsform(sheets: Mapping[str, Rows], name: str) -> Draft:
    """Return what the sheets of a workbook ask; `name` is its id where it says none.

    Raises:
        NoXlsForm: they are no XLSForm, or nothing in it can be asked.
    """
    found = {title.strip().casefold(): rows for title, rows in sheets.items()}
    survey = list(_rows(found.get("survey", ())))
    if not survey or not {"type", "name"} <= survey[0][1].keys():
        raise NoXlsForm
    remarks: list[Remark] = []
    settings = next((row for _, row in _rows(found.get("settings", ()))), {})
    reading = _Reading(_choices(found.get("choices", ()), remarks), remarks)
    _tell_rest(found, remarks)
    for line, row in survey:
        _take(reading, line, row)
    if not any(one.type in FORMS for one in reading.items):
        raise NoXlsForm
    _too_many(reading)
    title = settings.get("form_title", "") or name
    return Draft(
        (settings.get("form_id", "") or settings.get("id_string", "") or name)[:FORM_ID_MOST],
        settings.get("version", "")[:FORM_ID_MOST],
        (("", title[:LABEL_MOST]),),
        _tag(settings.get("default_language", "")),
        tuple(reading.items[:ITEMS_MOST]),
        tuple(reading.lines[:ITEMS_MOST]),
        tuple(remarks[:TOLD_MOST]),
    )


def _rows(rows: Rows) -> Iterator[tuple[int, dict[str, str]]]:
    """Give the rows below the first that says anything, by its headers; lines count from 1."""
    headers: list[str] = []
    for line, cells in enumerate(rows, start=1):
        if not any(cell.strip() for cell in cells):
            continue
        if not headers:
            headers = [_header(cell) for cell in cells]
            continue
        found = dict.fromkeys(headers, "")
        pairs = zip(headers, cells, strict=False)
        found.update((at, cell.strip()) for at, cell in pairs if at and cell.strip())
        yield line, found


def _header(cell: str) -> str:
    """Return a column's name as it is compared; of labels the language stays as it is written."""
    name, mark, language = cell.strip().partition("::")
    name = re.sub(r"\s+", "_", name.strip().casefold())
    if name == "bind":
        return f"{name}::{language.strip().casefold()}"
    return f"{name}::{language.strip()}" if mark else name


def _tag(language: str) -> str:
    """Return the tag in `Русский (ru)`; the name itself where there is none."""
    found = _LANGUAGE.search(language)
    return (found.group(1) if found else language.strip())[:60]


def _labels(row: Mapping[str, str], column: str) -> Labels:
    found = {
        _tag(at.partition("::")[2]): text[:LABEL_MOST]
        for at, text in row.items()
        if text and at.partition("::")[0] == column
    }
    return tuple(sorted(found.items()))[:LANGUAGES_MOST]


def _choices(rows: Rows, remarks: list[Remark]) -> dict[str, tuple[Choice, ...]]:
    found: dict[str, dict[str, Choice]] = {}
    for line, row in _rows(rows):
        of, name = row.get("list_name", ""), row.get("name", "") or row.get("value", "")
        known = found.setdefault(of, {})
        if not of or not name or len(name) > NAME_MOST or " " in name:
            remarks.append(Remark("choice_name", line, of, name))
        elif name in known:
            remarks.append(Remark("choice_twice", line, of, name))
        elif len(known) >= CHOICES_MOST:
            remarks.append(Remark("choices_many", line, of, name))
        else:
            known[name] = Choice(name, _labels(row, "label"))
    return {of: tuple(some.values()) for of, some in found.items()}


def _take(reading: _Reading, line: int, row: Mapping[str, str]) -> None:
    """Take one line of the sheet `survey`."""
    sort, name = _type(row.get("type", "")), row.get("name", "")
    if not sort[0]:
        reading.remarks += [Remark("no_type", line, name)] if any(row.values()) else []
    elif sort[0] in {"begin_group", "begin_repeat", "end_group", "end_repeat"}:
        _take_group(reading, line, row, sort[0])
    elif reading.repeats:
        reading.remarks.append(Remark("in_repeat", line, name))
    elif sort[0] in METADATA:
        reading.remarks.append(Remark("metadata", line, name or sort[0], sort[0]))
    elif sort[0] != NOTE and sort[0] not in FORMS:
        reading.remarks.append(Remark("type", line, name, row["type"]))
    elif code := _name_trouble(reading, name):
        reading.remarks.append(Remark(code, line, name))
    else:
        _take_question(reading, line, row, sort)


def _name_trouble(reading: _Reading, name: str) -> str:
    """Return why a question cannot be called so."""
    path = reading.path(name)
    if not _NAME.fullmatch(name) or len(path) > NAME_MOST:
        return "name"
    return "name_twice" if any(one.path == path for one in reading.items) else ""


def _type(cell: str) -> tuple[str, str, str]:
    """Return a type, the list of its choices, and what else stands there."""
    words = cell.split()
    first = " ".join(words[:2]).casefold()
    if first in {"select one", "select multiple", "begin group", "begin repeat"} or first in {
        "end group",
        "end repeat",
    }:
        words = [first.replace(" ", "_"), *words[2:]]
    sort = words[0].casefold() if words else ""
    of, *rest = words[1:] or [""]
    return TYPES.get(sort, sort), of, " ".join(rest)


def _take_group(reading: _Reading, line: int, row: Mapping[str, str], sort: str) -> None:
    name = row.get("name", "")
    if sort.startswith("end"):
        if reading.repeats:
            reading.repeats -= 1
        elif reading.groups:
            reading.groups.pop()
        return
    if reading.repeats or sort == "begin_repeat" or not _NAME.fullmatch(name):
        reading.repeats += 1
        reading.remarks.append(Remark("repeat", line, name))
        return
    part = _part(reading, line, row)
    path = reading.path(name)
    sometimes = bool(row.get("relevant")) or any(one for *_, one in reading.groups)
    reading.groups.append((name, part, sometimes))
    said = _unused(reading, line, row)
    item = Item(path, GROUP, "", _labels(row, "label"), _labels(row, "hint"), 0, (), said)
    reading.items.append(item)
    reading.lines.append(line)


def _take_question(
    reading: _Reading, line: int, row: Mapping[str, str], sort: tuple[str, str, str]
) -> None:
    of_choices = sort[0].startswith("select_")
    choices = reading.choices.get(sort[1], ()) if of_choices else ()
    name = row["name"]
    if of_choices and not choices:
        reading.remarks.append(Remark("no_choices", line, name, sort[1]))
        return
    if sort[2]:
        reading.remarks.append(Remark("type_more", line, name, sort[2]))
    part = _part(reading, line, row) if sort[0] != NOTE else ""
    said = _unused(reading, line, row)
    item = Item(
        *(reading.path(name), sort[0], part, _labels(row, "label"), _labels(row, "hint")),
        *(int(_needed(reading, line, row)), choices, said),
    )
    if part == RISK and not can_be_item(item):
        reading.remarks.append(Remark("risk", line, name))
        item = structs.replace(item, part="")
    reading.items.append(item)
    reading.lines.append(line)


def _part(reading: _Reading, line: int, row: Mapping[str, str]) -> str:
    """Return the part that a line names, or else its group; nothing where none does."""
    typed = row.get(PART_COLUMN, "").casefold()
    if typed in {RISK, *(one.value for one in Part)}:
        return typed
    if typed:
        reading.remarks.append(Remark("part", line, row.get("name", ""), typed))
        return ""
    return next((part for _, part, _ in reversed(reading.groups) if part), "")


def _needed(reading: _Reading, line: int, row: Mapping[str, str]) -> bool:
    """Tell whether an answer is always needed; one that is asked only sometimes never is."""
    typed = row.get("required", "").casefold().replace(" ", "")
    if typed in _NO:
        return False
    sometimes = bool(row.get("relevant")) or any(one for *_, one in reading.groups)
    if typed in _YES and not sometimes:
        return True
    reading.remarks.append(Remark("required", line, row.get("name", ""), row["required"]))
    return False


def _unused(reading: _Reading, line: int, row: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what a line says and this program does not do, and tell of it."""
    found = []
    for at, text in row.items():
        column = at.partition("::")[0]
        if not text or at in _USED or column in {"label", "hint"}:
            continue
        words = text if column in NOT_DONE else f"{at}: {text}"
        code = column if column in NOT_DONE else "column"
        reading.remarks.append(Remark(code, line, row.get("name", ""), words))
        if code in {"relevant", "constraint"} or column == "constraint_message":
            found.append((column, text[:LABEL_MOST]))
    return tuple(found[:20])


def _tell_rest(sheets: Mapping[str, Rows], remarks: list[Remark]) -> None:
    """Tell of sheets, settings and columns of choices that say something and are not used."""
    for title, rows in sheets.items():
        if title not in {"survey", "choices", "settings"} and any(map(any, rows)):
            remarks.append(Remark("sheet", 0, title))
    for line, row in _rows(sheets.get("settings", ())):
        unused = (at for at, text in row.items() if text and at not in _SETTINGS)
        remarks += [Remark("column", line, "settings", at) for at in unused]
    told: dict[str, int] = {}
    for line, row in _rows(sheets.get("choices", ())):
        for at, text in row.items():
            if text and at not in _OF_CHOICES and at.partition("::")[0] != "label":
                told.setdefault(at, line)
    remarks += [Remark("column", line, "choices", at) for at, line in told.items()]


def _too_many(reading: _Reading) -> None:
    for item, line in list(zip(reading.items, reading.lines, strict=True))[ITEMS_MOST:]:
        reading.remarks.append(Remark("too_many", line, item.path))
