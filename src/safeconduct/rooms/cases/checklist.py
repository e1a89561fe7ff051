# SPDX-License-Identifier: AGPL-3.0-or-later
"""The checklist of a relocation, begun with one press: what it holds, and which sheets that makes.

The list is the same whatever stands in a person's health: who reads the journey alone would else
learn from it who takes medicine.  Two who begin it apart begin the same sheets, and what was taken
off is not begun again (spec/relocation.md 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.canon import encode
from safeconduct.kernel.seal.lock import fingerprint
from safeconduct.kernel.sheets import LINE_MOST, SHEET_BYTES, NothingNew, SheetId
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.events import SheetWritten
from safeconduct.rooms.cases.relocation import (
    CHILD_PAPERS,
    INTERPRETER,
    MEDICINE,
    MEETS,
    OTHER,
    PARENT_CONSENT,
    PASSPORT,
)
from safeconduct.rooms.cases.sheets import ITEM, PERSON, RELOCATION
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from safeconduct.kernel.words import CaseId
    from safeconduct.rooms.cases.record import CaseRecord, Sheet

ALWAYS: Final = (
    *(PASSPORT, "visa", "exit", "medical", MEDICINE, INTERPRETER, "ticket", "money", "letter"),
    *(MEETS, "housing", "lawyer"),
)
OF_A_CHILD: Final = (CHILD_PAPERS, PARENT_CONSENT)
LINES_MOST: Final = 20
"""Lines of a country's papers that become items."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """One thing that a checklist begins with; `child` is whose it is, `note` what it is."""

    what: str
    child: SheetId | None = None
    note: str = ""

    def sheet(self, relocation: SheetId) -> SheetId:
        """Return the sheet that it becomes: the same at every desk."""
        said = self.what, self.child or b"", self.note
        return SheetId(fingerprint("checklist", relocation + encode(said))[:SHEET_BYTES])

    @property
    def key(self) -> str:
        """By which a form names it."""
        return self.sheet(SheetId(bytes(SHEET_BYTES))).hex()


def proposed(record: CaseRecord, relocation: Sheet, lines: Iterable[str]) -> tuple[Proposed, ...]:
    """Return what a checklist of a relocation begins with; `lines` are what the country asks for.

    Children are those who stand as such on the record, but for who goes themselves.
    """
    goes = relocation.text("of")
    children = [
        one
        for one in record.of_kind(PERSON)
        if one.text("stands") == "child" and one.id.hex() != goes
    ]
    asked = dict.fromkeys(" ".join(one.split())[:LINE_MOST] for one in lines)
    return (
        *(Proposed(what) for what in ALWAYS),
        *(Proposed(what, child.id) for child in children for what in OF_A_CHILD),
        *[Proposed(OTHER, note=one) for one in asked if one][:LINES_MOST],
    )


def begin(
    record: CaseRecord, held: Collection[Part], relocation: Sheet, chosen: Sequence[Proposed]
) -> tuple[SheetWritten, ...]:
    """Return the facts of the items that are chosen and were never on the list; in the journey.

    Raises:
        NoSuchPart: the journey cannot be read here, or that is no relocation.
        NothingNew: all of them are on the list, or were taken off.
    """
    if Part.JOURNEY not in held or relocation.kind != RELOCATION:
        raise NoSuchPart
    new = [one for one in chosen if record.sheet(one.sheet(relocation.id), ITEM) is None]
    if not new:
        raise NothingNew
    return tuple(_written(record.case, relocation.id, one) for one in new)


def _written(case: CaseId, relocation: SheetId, one: Proposed) -> SheetWritten:
    """Return its fact; without a state, so that what two began apart stands as each left it."""
    said = [("of", relocation.hex()), ("what", one.what)]
    said += [("for", one.child.hex())] if one.child else []
    said += [("note", one.note)] if one.note else []
    return SheetWritten(case, one.sheet(relocation), ITEM, tuple(said), ())
