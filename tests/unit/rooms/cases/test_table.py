# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows of old tables: what each says, what becomes of it, and what it writes over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from safeconduct.kernel.words import CaseId, CommitId, DeviceId, VaultId, fact_id
from safeconduct.rooms.cases import Part, SheetId, SheetWritten, Told, fold_record
from safeconduct.rooms.cases.events import NoteWritten, PartFact
from safeconduct.rooms.cases.table import TARGETS, Column, TableMap, kept, mapping_of
from safeconduct.rooms.cases.table_facts import TableKept
from safeconduct.rooms.cases.table_fold import fold_rows, fold_tables
from safeconduct.rooms.cases.table_plan import Fate, Known, Line, facts_of, plan_row, twins
from safeconduct.rooms.cases.table_rows import Row, Taken, take_row

CASE, TABLE = CaseId(b"c" * 16), b"t" * 16
VAULTS = {VaultId(part.value.encode().ljust(16)): part for part in Part}
VAULT_OF = {part: vault for vault, part in VAULTS.items()}


def column(header: str, to: str = "", **more: str) -> Column:
    """A column that goes somewhere."""
    choices = {"boss": "", "client": "asks"} if to.endswith("stands") else {}
    return Column(header, TARGETS.get(to), more.get("order", ""), 0, choices)


MAP = TableMap(
    TABLE,
    (
        *(column("No"), column("Name", "person.1.name"), column("Born", "person.1.born")),
        *(column("Role", "person.1.stands"), column("Hunter", "pursuer.1.name")),
        column("Story", "note.testimony"),
    ),
    ("No",),
)


def take(*cells: str, number: int = 2, columns: TableMap = MAP, **marks: str) -> Taken:
    """A row; marks are of columns by their letter."""
    return take_row(Row(number, cells, {ord(at) - 97: one for at, one in marks.items()}), columns)


class Desk:
    """What was written into one case, commit by commit."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.told: list[Told] = []
        self._ids = 0

    def fresh(self) -> SheetId:
        """Draw an id."""
        self._ids += 1
        return SheetId(bytes([self._ids]) * 16)

    def write(self, facts: list[tuple[Part, PartFact]]) -> None:
        """Write a commit."""
        n = len(self.told) + 1
        commit = CommitId(bytes([n]) * 32)
        for slot, (part, fact) in enumerate(facts):
            where = VAULT_OF[part], DeviceId(b"d" * 16)
            self.told.append(Told(fact_id(commit, slot), commit, *where, n, fact))

    def known(self, taken: Taken) -> list[Known]:
        """Where a row is."""
        rows = fold_rows(CASE, VAULTS, self.told)
        sheets = rows.rows.get((TABLE, taken.row))
        if sheets is None:
            return []
        notes: dict[Part, set[str]] = {}
        for one in self.told:
            if isinstance(one.event, NoteWritten):
                notes.setdefault(VAULTS[one.vault], set()).add(one.event.text)
        record = fold_record(CASE, VAULTS, self.told, "en")
        return [Known(CASE, record, notes, sheets, rows.commits, frozenset(Part))]

    def bring(self, taken: Taken) -> Line:
        """Write what a row says."""
        known = self.known(taken)
        line = plan_row(taken, known)
        if line.fate in {Fate.NEW, Fate.UPDATES}:
            self.write(facts_of(line, CASE, TABLE, self.fresh, known[0] if known else None))
        return line

    def text(self, kind: str, name: str) -> str:
        """What the one sheet of a kind says."""
        (sheet,) = fold_record(CASE, VAULTS, self.told, "en").of_kind(kind)
        return sheet.text(name)

    def by_hand(self, name: str, text: str) -> None:
        """Let a person write into the person's identity."""
        (sheet,) = fold_record(CASE, VAULTS, self.told, "en").of_kind("person")
        over = tuple(w.fact for one in sheet.entered(name) for w in one.written)
        fact = SheetWritten(CASE, sheet.id, "person", ((name, text),), over)
        self.write([(Part.IDENTITY, fact)])


def test_a_row_says_fields_notes_and_what_is_not_as_it_seems() -> None:
    taken = take("1", "@Ару", "03.04.1990", "Boss", "", "She fled.", b="formula", e="across")
    assert {str(to): text for to, text in taken.values.items()} == {
        "person.1.name": "@Ару",
        "person.1.born": "1990-04-03",
    }
    assert taken.notes == {
        Part.JOURNEY: "Role: Boss",
        Part.TESTIMONY: "Story: She fled.",
    }
    assert [one.code for one in taken.told] == ["formula", "noted", "across"]
    assert not taken.wrong


@pytest.mark.parametrize(
    ("taken", "why"),
    [
        (take("", "Aru"), "no_key"),
        (take("#N/A", "Aru", a="error"), "no_key"),
        (take("1", ""), "says_nothing"),
        (take("1", "Aru", "1/2/1990"), "order"),
        (take("1", "Aru", "", "friend of a friend"), "no_choice"),
        (take("1", "", b="no_value"), "no_value"),
        (take("1", "Aru", c="error"), "error"),
        (take("1", "Aru", "", "", "", "x" * 40_001), "too_long"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(taken: Taken, why: str) -> None:
    assert why in [one.code for one in taken.wrong]
    assert plan_row(taken, []).fate is Fate.REFUSED


def test_what_is_too_long_for_its_field_is_whole_in_a_note() -> None:
    name = "Ару " * 100
    taken = take("1", name)
    (value,) = taken.values.values()
    assert len(value) <= 300
    assert value.endswith("…")
    assert taken.notes[Part.IDENTITY] == f"Name: {name.strip()}"
    assert [one.code for one in taken.told] == ["long"]


def test_row_becomes_a_case_once_and_says_nothing_twice() -> None:
    desk, taken = Desk(), take("1", "Ару", "1990", "client", "Brother", "She fled.")
    assert desk.bring(taken).fate is Fate.NEW
    assert (
        desk.text("pursuer", "hunts")
        == fold_record(CASE, VAULTS, desk.told, "en").of_kind("person")[0].id.hex()
    )
    before = len(desk.told)
    assert desk.bring(taken).fate is Fate.SAME
    assert len(desk.told) == before


def test_later_row_writes_over_what_tables_wrote_and_nothing_else() -> None:
    desk = Desk()
    desk.bring(take("1", "Ару", "1990", "", "Brother"))
    desk.by_hand("born", "1991")
    line = desk.bring(take("1", "Ару Лес", "1992", "client", ""))
    assert line.fate is Fate.UPDATES
    assert [(one.code, one.more) for one in line.remarks] == [("left", "person.1.born")]
    said = [desk.text("person", name) for name in ("name", "born", "stands")]
    assert said == ["Ару Лес", "1991", "asks"]
    assert desk.text("pursuer", "name") == "Brother"
    assert desk.bring(take("1", "Ару", "1991", "client")).fate is Fate.UPDATES
    assert desk.text("person", "name") == "Ару"


def test_an_empty_cell_empties_nothing_and_is_told() -> None:
    desk = Desk()
    desk.bring(take("1", "Ару", "1990"))
    line = desk.bring(take("1", "Ару", ""))
    assert [(one.code, one.more) for one in line.remarks] == [("emptied", "person.1.born")]
    assert desk.text("person", "born") == "1990"


def test_a_sheet_begun_by_a_later_file_belongs_to_the_row_from_then_on() -> None:
    desk = Desk()
    desk.bring(take("1", "Ару"))
    assert desk.bring(take("1", "Ару", "", "", "Brother")).fate is Fate.UPDATES
    assert desk.bring(take("1", "Ару", "", "", "Uncle Reed")).fate is Fate.REFUSED
    assert desk.bring(take("1", "Ару", "", "", "Elder brother")).fate is Fate.UPDATES
    assert desk.text("pursuer", "name") == "Elder brother"


def test_a_row_that_names_somebody_else_or_stands_in_two_cases_changes_neither() -> None:
    desk, taken = Desk(), take("1", "Ару Лесная")
    desk.bring(taken)
    (known,) = desk.known(taken)
    two = plan_row(taken, [known, replace(known, case=CaseId(b"z" * 16))])
    other = plan_row(take("1", "Tam Reed"), [known])
    assert [one.remarks[0].code for one in (two, other)] == ["two_cases", "other_name"]
    assert not two.changes
    assert not other.changes


def test_what_no_key_here_could_write_is_told_and_the_rest_is_written() -> None:
    desk = Desk()
    desk.bring(take("1", "Ару"))
    later = take("1", "Ару Лес", "", "client", "", "She fled.")
    (known,) = desk.known(later)
    line = plan_row(later, [replace(known, held=frozenset({Part.IDENTITY}))])
    assert [(one.code, one.more) for one in line.remarks] == [
        ("no_key_to_part", "journey"),
        ("no_key_to_part", "testimony"),
    ]
    assert [one.name for one in line.changes] == ["name"]
    assert not line.notes


def test_rows_that_stand_twice_are_taken_once_or_where_they_differ_not_at_all() -> None:
    rows = [take("1", "Ару"), take("1 ", "Ару", number=3), take("2", "Tam", number=4)]
    assert {at: one.code for at, one in twins(rows).items()} == {3: "twice"}
    rows.append(take("2", "Mirel", number=5))
    assert {at: one.code for at, one in twins(rows).items()} == {
        3: "twice",
        4: "key_twice",
        5: "key_twice",
    }


def test_columns_are_kept_by_their_headings_whatever_their_order() -> None:
    fact = kept(MAP, "Spring", ())
    names = ("Born", "No", "name ", "New")
    found = mapping_of(fact, names)
    assert [str(one.to) if one.to else "" for one in found.columns] == [
        *("person.1.born", "", "person.1.name", ""),
    ]
    assert found.keys == ("No",)
    assert mapping_of(fact, [one.header for one in MAP.columns]) == MAP


def test_of_two_who_kept_a_table_unseen_the_later_is_proposed_until_somebody_saw_both() -> None:
    facts = [TableKept(TABLE, name, (), (), ()) for name in ("one", "two")]
    ids = [CommitId(bytes([n]) * 32) for n in (1, 2, 3)]
    vault, device = VaultId(b"v" * 16), DeviceId(b"d" * 16)
    told = [
        Told(fact_id(ids[n], 0), ids[n], vault, device, n, fact) for n, fact in enumerate(facts)
    ]
    assert fold_tables(told)[TABLE].fact.name == "two"
    assert fold_tables(reversed(told)) == fold_tables(told)
    over = tuple(sorted(fold_tables(told)[TABLE].facts))
    last = TableKept(TABLE, "three", (), (), over)
    told.append(Told(fact_id(ids[2], 0), ids[2], vault, device, 9, last))
    assert fold_tables(told)[TABLE].fact.name == "three"


@pytest.mark.parametrize(
    ("columns", "keys", "why"),
    [
        ((column("a", "person.1.name"),), (), "no_key_column"),
        ((column("a"),), ("a",), "no_column"),
        ((column("a", "note.legal"),), ("a",), "no_column"),
        ((column("a", "person.1.born"), column("b", "person.1.born")), ("a",), "column_twice"),
        ((column("a", "person.1.name"), column("b", "person.1.name")), ("a",), ""),
    ],
)
def test_columns_by_which_nothing_can_be_read_say_what_lacks(
    columns: tuple[Column, ...], keys: tuple[str, ...], why: str
) -> None:
    assert TableMap(TABLE, columns, keys).wrong() == why
