# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages show of an office's forms: questions in the order of the form, and filled sheets.

A question whose part is not held here is not shown on any page of a case, nor a heading over
nothing but such questions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.form_facts import Item
from safeconduct.rooms.cases.office_forms import (
    GROUP,
    NOTE,
    FormVersion,
    field_name,
    question,
    said,
)
from safeconduct.rooms.cases.sheets import TAKEN_OFF

if TYPE_CHECKING:
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.rooms.cases import CaseFile, CaseRecord, Sheet
    from safeconduct.rooms.cases.office_forms import OfficeForm
    from safeconduct.rooms.cases.record import Entered


class Line(NamedTuple):
    """One line of a form: a heading, a note, or a question with what may be chosen."""

    item: Item
    type: str
    name: str
    label: str
    hint: str
    part: Part | None
    choices: tuple[tuple[str, str], ...]


class Answer(NamedTuple):
    """A question that something was written into, and how its values are read."""

    label: str
    entered: Entered
    choices: Mapping[str, str]

    def read(self, text: str) -> str:
        """Return a value as people read it."""
        if not self.choices:
            return text
        return ", ".join(self.choices.get(one, one) for one in text.split())


class FilledForm(NamedTuple):
    """A filled form of a case, as much as can be read here."""

    form: OfficeForm
    title: str
    sheet: Sheet
    answers: tuple[Answer, ...]


def title_of(form: OfficeForm, language: str) -> str:
    """Return what a form is called."""
    brought = form.newest.brought
    return said(brought.title, language, brought.language) or form.id


def lines_of(version: FormVersion, held: Collection[Part], language: str) -> list[Line]:
    """Return the lines of a form of which the parts are held."""
    return list(_lines(version.brought.items, held, language, version.brought.language))


def _lines(
    items: tuple[Item, ...], held: Collection[Part], language: str, main: str
) -> Iterator[Line]:
    parts = {one.value: one for one in held}
    asked = [one.path for one in items if one.part in parts]
    for one in items:
        if one.type == GROUP:
            shown = any(path.startswith(f"{one.path}/") for path in asked)
        elif one.type == NOTE:
            within = one.path.rpartition("/")[0]
            shown = not within or any(path.startswith(f"{within}/") for path in asked)
        else:
            shown = one.part in parts
        if shown:
            yield line_of(one, language, main)


def line_of(item: Item, language: str, main: str) -> Line:
    """Return one line as people read it."""
    label = question(item, language, main)
    choices = tuple(
        (one.name, said(one.labels, language, main) or one.name) for one in item.choices
    )
    part = next((one for one in Part if one.value == item.part), None)
    hint = said(item.hints, language, main)
    return Line(item, item.type, field_name(item), label, hint, part, choices)


def answers_of(form: OfficeForm, sheet: Sheet, language: str) -> tuple[Answer, ...]:
    """Return what was written into a filled form, each with its question."""
    return tuple(_answer(form, one, language) for one in sheet.fields if one.name != TAKEN_OFF)


def _answer(form: OfficeForm, entered: Entered, language: str) -> Answer:
    main, item = form.newest.brought.language, form.item(entered.name)
    if item is None or not item.choices:
        label = line_of(item, language, main).label if item else ""
        return Answer(label, entered, {})
    used = {name for one in entered.written for name in one.text.split()}
    found = {name: form.choice(entered.name, name) for name in used}
    words = {
        name: (said(one.labels, language, main) if one else "") or name
        for name, one in found.items()
    }
    return Answer(line_of(item, language, main).label, entered, words)


def filled(visit: Visit, case: CaseFile) -> dict[str, Any]:
    """Return what the page of a case shows of filled forms, and which may be filled in."""
    forms = {one.kind: one for one in visit.desk.cases.forms.all()}
    held = {one.part for one in case.parts}
    record: CaseRecord = visit.desk.cases.forms.filled(case.id)
    sheets = [_filled(forms[one.kind], one, visit.language) for one in record.sheets]
    offered = [
        (one, title_of(one, visit.language))
        for one in forms.values()
        if one.asked and any(field.part in held for field in one.fields)
    ]
    return {
        "filled_forms": [one for one in sheets if not one.sheet.taken_off],
        "filled_off": [one for one in sheets if one.sheet.taken_off],
        "offered_forms": offered,
    }


def _filled(form: OfficeForm, sheet: Sheet, language: str) -> FilledForm:
    return FilledForm(form, title_of(form, language), sheet, answers_of(form, sheet, language))
