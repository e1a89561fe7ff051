# SPDX-License-Identifier: AGPL-3.0-or-later
"""A form that was filled in on a phone, as what is typed into a sheet (spec/forms.md 4).

The id of the sheet is made of the submission's own, so that the same submission brought in again
is the same sheet at every desk.
Invariant: bringing in again writes no value that stood in the field before: what a colleague put
right since stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.seal.lock import fingerprint
from safeconduct.rooms.cases.office_forms import field_name
from safeconduct.rooms.cases.record import SheetId
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.sheets import SHEET_BYTES, field_of, plain_value
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from safeconduct.rooms.cases.office_forms import FormVersion, OfficeForm
    from safeconduct.rooms.cases.record import Sheet

META: Final = "meta/"
"""Before what every submission says of itself."""
LEFT_MOST: Final = 200


class Leaf(NamedTuple):
    """One answer in a submission: its path from the form's root, and its text."""

    path: str
    text: str


class LeftOut(NamedTuple):
    """An answer that was not taken, by the question's name; its text is not repeated."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A submission: of which form and version, its own id, and its answers."""

    form: str
    version: str
    instance: str
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What of a submission is written into a sheet, and what not."""

    typed: Mapping[tuple[Part, str], Typed]
    left: tuple[LeftOut, ...]


def sheet_of(form: str, instance: str) -> SheetId:
    """Return the sheet of a submission, the same at every desk."""
    text = f"{form}\n{instance}".encode()
    return SheetId(fingerprint("form-sheet", text)[:SHEET_BYTES])


def take(
    form: OfficeForm,
    version: FormVersion,
    filled: Filled,
    before: Sheet | None,
    held: Collection[Part],
) -> Taken:
    """Return what a submission says in the words of a form, and what was left out."""
    asked = {one.path: one for one in version.questions}
    kinds = {form.kind: form.fields}
    typed: dict[tuple[Part, str], Typed] = {}
    left: list[LeftOut] = []
    for leaf in filled.leaves:
        item = asked.get(leaf.path)
        if not leaf.text.strip() or leaf.path.startswith(META):
            continue
        if item is None:
            left.append(LeftOut("not_asked", leaf.path))
            continue
        at = Part(item.part), field_name(item)
        field = field_of(form.kind, at[1], at[0], kinds)
        value = plain_value(field, leaf.text) if field else None
        if value is None or at[0] not in held or at in typed:
            code = "no_value" if value is None else "twice" if at in typed else "no_key"
            left.append(LeftOut(code, leaf.path))
        elif (new := _new(before, *at, value)) is not None:
            typed[at] = new
    return Taken(typed, tuple(left[:LEFT_MOST]))


def _new(before: Sheet | None, part: Part, name: str, value: str) -> Typed | None:
    """Return a value with what stands there now; None where it stood there at any time."""
    entered = [one for one in before.entered(name) if one.part is part] if before else []
    if value in {one.text for of in entered for one in of.written}:
        return None
    return Typed(value, frozenset(one.fact for of in entered for one in of.standing))
