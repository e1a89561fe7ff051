# SPDX-License-Identifier: AGPL-3.0-or-later
"""Instruments of risk that an office wrote itself: questions of its forms (spec/forms.md 6).

A question whose part is `risk` stands in no sheet: it is an item of an instrument, and its answer
lies in an assessment.  An item is known by the hash of its question's path, and a version by the
fact that brought it, so that what was answered stays with the words it was answered to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.seal.lock import fingerprint
from safeconduct.rooms.cases.instruments import Instrument
from safeconduct.rooms.cases.office_forms import RISK, field_name, is_form
from safeconduct.rooms.cases.risk import Said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from safeconduct.rooms.cases.form_facts import Item
    from safeconduct.rooms.cases.office_forms import FormVersion, OfficeForm

_NUMBER_BYTES: Final = 4


class OfficeInstrument(NamedTuple):
    """A version of a form as an instrument; its groups are called by the paths of headings."""

    form: OfficeForm
    version: FormVersion
    instrument: Instrument


def is_item(item: Item) -> bool:
    """Tell whether a question is asked when risk is judged."""
    return item.part == RISK and can_be_item(item)


def can_be_item(item: Item) -> bool:
    """Tell whether a question is answered with yes, no or not known, and nothing else."""
    names = {one.name for one in item.choices}
    known = {one.value for one in Said}
    return item.type == "select_one" and known - {Said.UNKNOWN.value} <= names <= known


def newest_instruments(forms: Iterable[OfficeForm]) -> Iterator[OfficeInstrument]:
    """Yield what a new assessment can be made with."""
    for form in forms:
        found = _instrument(form, form.newest) if form.asked else None
        if found:
            yield found


def find_instrument(
    forms: Iterable[OfficeForm], name: str, version: int
) -> OfficeInstrument | None:
    """Return the version that an assessment names; None if it is none of these forms'."""
    of = [form for form in forms if form.kind == name] if is_form(name) else []
    every = (_instrument(form, one) for form in of for one in form.versions)
    return next((one for one in every if one and one.instrument.version == version), None)


def _instrument(form: OfficeForm, version: FormVersion) -> OfficeInstrument | None:
    groups: dict[str, list[str]] = {}
    for item in version.brought.items:
        if is_item(item):
            groups.setdefault(item.path.rpartition("/")[0], []).append(field_name(item))
    asked = tuple((group, tuple(items)) for group, items in groups.items())
    number = fingerprint("instrument-version", version.fact)[:_NUMBER_BYTES]
    made = Instrument(form.kind, int.from_bytes(number), asked)
    return OfficeInstrument(form, version, made) if asked else None
