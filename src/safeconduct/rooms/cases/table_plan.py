# SPDX-License-Identifier: AGPL-3.0-or-later
"""What becomes of a row of an old table, and the facts that say it (spec/tables.md 4).

A field is written over where nothing stands in it but what tables wrote; what a person wrote there
stays, and is told.  A row that says nothing new writes nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.names import Band, likeness
from safeconduct.kernel.sheets import OVER_MOST
from safeconduct.kernel.words import HASH_BYTES, CommitId
from safeconduct.rooms.cases.events import NoteWritten, SheetWritten
from safeconduct.rooms.cases.sheets import PERSON, PURSUER, field_of
from safeconduct.rooms.cases.table import FIRST
from safeconduct.rooms.cases.table_facts import RowBroughtIn
from safeconduct.rooms.cases.table_rows import Remark, named_first
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from safeconduct.kernel.words import CaseId, FactId
    from safeconduct.rooms.cases.events import PartFact
    from safeconduct.rooms.cases.record import CaseRecord, Entered, Sheet, SheetId
    from safeconduct.rooms.cases.table_rows import Taken

NAMES: Final = ("name", "papers_name", "other_names")


class Fate(Enum):
    """What becomes of a row."""

    NEW = "new"
    UPDATES = "updates"
    SAME = "same"
    HELD = "held"
    """It may be somebody who is in the record already, and nobody said that it is not."""
    REFUSED = "refused"
    WAITS = "waits"
    """It was to be written, and the desk was stopped before."""


@dataclass(frozen=True, slots=True)
class Known:
    """A case to which a row was written before, as it can be read here.

    `notes` are the texts in each part, `sheets` those of the row by their place, `commits` what
    tables wrote, and `held` the parts that can be written here.
    """

    case: CaseId
    record: CaseRecord
    notes: Mapping[Part, Collection[str]]
    sheets: Mapping[str, tuple[SheetId, ...]]
    commits: frozenset[CommitId]
    held: Collection[Part]


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a sheet that a row writes, over these facts; or the place that it `names`."""

    slot: str
    part: Part
    name: str
    text: str
    over: tuple[FactId, ...] = ()
    names: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What becomes of a row, why, and what it writes."""

    taken: Taken
    fate: Fate
    remarks: tuple[Remark, ...]
    case: CaseId | None = None
    changes: tuple[Change, ...] = ()
    notes: tuple[tuple[Part, str], ...] = ()

    def with_(self, fate: Fate, *remarks: Remark) -> Line:
        """Return the same row with another fate, and with more to tell."""
        told = (*self.remarks, *remarks)
        return Line(self.taken, fate, told, self.case, self.changes, self.notes)


def plan_row(taken: Taken, known: Sequence[Known]) -> Line:
    """Return what becomes of a row that was written into these cases before."""
    told = (*taken.wrong, *taken.told)
    if taken.wrong:
        return Line(taken, Fate.REFUSED, told, known[0].case if known else None)
    if len(known) > 1:
        return Line(taken, Fate.REFUSED, (Remark("two_cases"), *told))
    if known:
        return _update(taken, known[0], told)
    changes = [one for slot in taken.slots() for one in _begun(slot, taken)]
    return Line(taken, Fate.NEW, told, None, tuple(changes), tuple(taken.notes.items()))


def twins(rows: Iterable[Taken]) -> dict[int, Remark]:
    """Return the rows, by number, that stand more than once, and what is to be told of each.

    Of rows that say the same the first is taken; of rows that do not, none.
    """
    rows = [one for one in rows if not one.wrong]
    times = Counter(one.row for one in rows)
    first: dict[bytes, Taken] = {}
    same: dict[bytes, bool] = {}
    for one in rows:
        before = first.setdefault(one.row, one)
        equal = (one.values, one.notes) == (before.values, before.notes)
        same[one.row] = same.get(one.row, True) and equal
    found = {}
    for one in rows:
        if times[one.row] > 1 and not (same[one.row] and first[one.row] is one):
            code = "twice" if same[one.row] else "key_twice"
            found[one.number] = Remark(code, more=str(first[one.row].number))
    return found


def facts_of(
    line: Line, case: CaseId, table: bytes, fresh: Callable[[], SheetId], known: Known | None
) -> list[tuple[Part, PartFact]]:
    """Return what a row writes into which part of its case; `fresh` draws ids of sheets."""
    there = {slot: ids[0] for slot, ids in known.sheets.items()} if known else {}
    begun = {slot: fresh() for slot in dict.fromkeys(one.slot for one in line.changes)
             if slot not in there}  # fmt: skip
    ids = there | begun
    row = RowBroughtIn(case, table, line.taken.row, tuple(sorted(begun.items())))
    facts: list[tuple[Part, PartFact]] = [(Part.IDENTITY, row)]
    for slot, sheet in ids.items():
        for part in Part:
            some = [one for one in line.changes if one.slot == slot and one.part is part]
            if some:
                facts.append((part, _written(case, sheet, some, ids)))
    facts += [(part, NoteWritten(case, text)) for part, text in line.notes]
    return facts


def _written(
    case: CaseId, sheet: SheetId, some: Sequence[Change], ids: Mapping[str, SheetId]
) -> SheetWritten:
    values = tuple((one.name, ids[one.names].hex() if one.names else one.text) for one in some)
    over = sorted({fact for one in some for fact in one.over})[:OVER_MOST]
    return SheetWritten(case, sheet, some[0].slot.partition(".")[0], values, tuple(over))


def _begun(slot: str, taken: Taken) -> list[Change]:
    """Return what a row writes into a sheet that it begins."""
    kind, said = slot.partition(".")[0], taken.of(slot)
    changes = [
        Change(slot, part, name, text) for name, text in said.items() for part in _parts(kind, name)
    ]
    if name := named_first(slot, taken):
        changes += [Change(slot, part, name, "", names=FIRST) for part in _parts(kind, name)]
    return changes


def _parts(kind: str, name: str) -> tuple[Part, ...]:
    return tuple(part for part in Part if field_of(kind, name, part))


def _update(taken: Taken, known: Known, told: tuple[Remark, ...]) -> Line:
    """Return what a row changes of the case that it became."""
    changes: list[Change] = []
    for slot in taken.slots():
        there = known.sheets.get(slot, ())
        if not there:
            changes += _begun(slot, taken)
            continue
        sheet = known.record.sheet(there[0], slot.partition(".")[0])
        if why := _not_to_change(sheet, there, taken.of(slot)):
            return Line(taken, Fate.REFUSED, (Remark(why), *told), known.case)
        assert sheet is not None
        some, left = _changed(slot, sheet, taken.of(slot), known.commits)
        changes += some
        told += (*left, *_emptied(slot, sheet, taken))
    notes = tuple(
        (part, text) for part, text in taken.notes.items() if text not in known.notes.get(part, ())
    )
    return _within(Line(taken, Fate.SAME, told, known.case, tuple(changes), notes), known)


def _within(line: Line, known: Known) -> Line:
    """Return a line without what no key here could write, which is told."""
    changes = tuple(one for one in line.changes if one.part in known.held)
    notes = tuple(one for one in line.notes if one[0] in known.held)
    lacking = {one.part for one in line.changes} | {part for part, _ in line.notes}
    told = tuple(
        Remark("no_key_to_part", more=part.value)
        for part in Part
        if part in lacking and part not in known.held
    )
    fate = Fate.UPDATES if changes or notes else Fate.SAME
    return Line(line.taken, fate, (*line.remarks, *told), line.case, changes, notes)


def _not_to_change(sheet: Sheet | None, there: Sequence[SheetId], said: Mapping[str, str]) -> str:
    """Return why a row does not change a sheet, as a code."""
    if len(there) > 1:
        return "two_sheets"
    if sheet is None:
        return "sheet_unread"
    if sheet.taken_off:
        return "taken_off"
    return "other_name" if _is_another(sheet, said) else ""


def _is_another(sheet: Sheet, said: Mapping[str, str]) -> bool:
    """Tell whether a row names somebody else than the sheet that it would change."""
    if sheet.kind not in {PERSON, PURSUER}:
        return False
    before = [w.text for name in NAMES for one in sheet.entered(name) for w in one.standing]
    after = [said[name] for name in NAMES if said.get(name)]
    pairs = [(one, other) for one in before if one for other in after]
    return bool(pairs) and all(likeness(*two).band < Band.POSSIBLE for two in pairs)


def _changed(
    slot: str, sheet: Sheet, said: Mapping[str, str], commits: Collection[CommitId]
) -> tuple[list[Change], tuple[Remark, ...]]:
    """Return what is written into fields of a sheet, and what stays as a person wrote it."""
    changes, left = [], []
    for name, text in said.items():
        for part in _parts(sheet.kind, name):
            entered = next((one for one in sheet.entered(name) if one.part is part), None)
            standing = entered.standing if entered else ()
            if standing and all(one.text == text for one in standing):
                continue
            if entered and not _of_tables(entered, commits):
                left.append(Remark("left", more=f"{slot}.{name}"))
                continue
            over = tuple(one.fact for one in standing)
            changes.append(Change(slot, part, name, text, over))
    return changes, tuple(left)


def _emptied(slot: str, sheet: Sheet, taken: Taken) -> tuple[Remark, ...]:
    """Tell of cells that are empty now where the record says something: nothing is emptied."""
    names = (one.name for one in taken.silent if one.slot == slot)
    return tuple(Remark("emptied", more=f"{slot}.{name}") for name in names if sheet.text(name))


def _of_tables(entered: Entered, commits: Collection[CommitId]) -> bool:
    """Tell whether nothing stands in a field but what tables wrote."""
    return all(CommitId(one.fact[:HASH_BYTES]) in commits for one in entered.standing)
