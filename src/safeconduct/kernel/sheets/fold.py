# SPDX-License-Identifier: AGPL-3.0-or-later
"""From writings to sheets of which each field says who wrote it and when (spec/record.md 3).

The same writings give the same sheets in any order.  Where two wrote the same field and neither had
seen the other's words, both stand, until somebody who sees both writes again.
Fails closed: a field counts only in its own part, and only with a value of its form.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, NamedTuple, NewType, Protocol

from safeconduct.kernel.phrase import words_of
from safeconduct.kernel.seal.lock import fingerprint
from safeconduct.kernel.sheets.fields import TAKEN_OFF, Field, Kinds, P, field_of, plain_value
from safeconduct.kernel.words import DeviceId, FactId, Instant, instant_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SheetId = NewType("SheetId", bytes)


class Says(Protocol):
    """A fact that writes into a sheet: names of fields with values, and what it stands over."""

    @property
    def sheet(self) -> bytes:
        """Return which sheet."""

    @property
    def kind(self) -> str:
        """Return of which kind it is."""

    @property
    def values(self) -> Sequence[tuple[str, str]]:
        """Return the fields and what they say."""

    @property
    def over(self) -> Sequence[bytes]:
        """Return the facts that its author saw in these fields."""


class Writing(NamedTuple, Generic[P]):
    """A fact of sheets: which, whose, when, and in the vault of which part it stands."""

    fact: FactId
    by: DeviceId
    hlc: int
    part: P
    says: Says


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote into a field; it `stands` while nobody who saw it wrote again."""

    fact: FactId
    at: Instant
    by: DeviceId
    text: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Entered(Generic[P]):
    """One field of a sheet: everything that was written into it, oldest first."""

    name: str
    part: P
    written: tuple[Written, ...]

    @property
    def standing(self) -> tuple[Written, ...]:
        """What stands, oldest first; more than one where two wrote at once."""
        return tuple(one for one in self.written if one.stands)

    @property
    def text(self) -> str:
        """What stands and was written last."""
        return self.standing[-1].text


@dataclass(frozen=True, slots=True)
class Sheet(Generic[P]):
    """One sheet, as much of it as can be read here."""

    id: SheetId
    kind: str
    name: str
    """A code name, for people and houses; others are called by what they say."""
    fields: tuple[Entered[P], ...]

    def entered(self, name: str) -> tuple[Entered[P], ...]:
        """Return a field as it was written in each part that can be read here."""
        return tuple(one for one in self.fields if one.name == name)

    def text(self, name: str) -> str:
        """Return what a field says; nothing where it says nothing, or cannot be read here."""
        return next((one.text for one in self.entered(name)), "")

    @property
    def called(self) -> str:
        """What somebody is called; nothing where that cannot be read here."""
        return self.text("name") or self.text("papers_name")

    @property
    def taken_off(self) -> str:
        """Why it was taken off the record; nothing while it stands."""
        return next((one.text for one in self.entered(TAKEN_OFF) if one.text), "")


def sheet_name(sheet: bytes, language: str) -> str:
    """Return the code name of a sheet, the same at every desk."""
    return " ".join(words_of(fingerprint("sheet-name", sheet), 1, language))


def fold_sheets(
    writings: Iterable[Writing[P]], kinds: Kinds[P], language: str
) -> tuple[Sheet[P], ...]:
    """Return the sheets that these facts give, in the order in which they were begun.

    Code names are words of the office's language.
    """
    fields: dict[tuple[str, bytes], dict[tuple[P, str], list[tuple[Writing[P], str]]]] = {}
    for one in sorted(writings, key=lambda one: (one.hlc, one.fact)):
        if one.says.kind not in kinds:
            continue
        for name, text in one.says.values:
            known = field_of(one.says.kind, name, one.part, kinds)
            if known is None or plain_value(known, text) != text:
                continue
            sheet = fields.setdefault((one.says.kind, one.says.sheet), {})
            sheet.setdefault((one.part, name), []).append((one, text))
    sheets = (_sheet(*at, of, language) for at, of in fields.items())
    return tuple(_in_order(one, kinds[one.kind]) for one in sheets)


def _sheet(
    kind: str,
    sheet: bytes,
    fields: Mapping[tuple[P, str], list[tuple[Writing[P], str]]],
    language: str,
) -> Sheet[P]:
    entered = tuple(_entered(*at, written) for at, written in fields.items())
    return Sheet(SheetId(sheet), kind, sheet_name(sheet, language), entered)


def _in_order(sheet: Sheet[P], fields: tuple[Field[P], ...]) -> Sheet[P]:
    order = {name: at for at, name in enumerate(dict.fromkeys(one.name for one in fields))}
    entered = sorted(
        sheet.fields, key=lambda one: (order.get(one.name, len(order)), one.part.value)
    )
    return replace(sheet, fields=tuple(entered))


def _entered(part: P, name: str, written: list[tuple[Writing[P], str]]) -> Entered[P]:
    over = {fact for one, _ in written for fact in one.says.over}
    return Entered(
        name,
        part,
        tuple(
            Written(one.fact, instant_of(one.hlc), one.by, text, one.fact not in over)
            for one, text in written
        ),
    )
