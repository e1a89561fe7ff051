# SPDX-License-Identifier: AGPL-3.0-or-later
"""Old tables at real desks: rows become cases once, follow their table, and meet told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.cases_api import Chosen
from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine.case_keys import case_fact
from safeconduct.edges.desk.importing.sheets import load
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.table_import import MayBringNoTable
from safeconduct.edges.desk.table_report import Report
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms.cases import Part, Sheet
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.table_facts import RowBroughtIn, TableKept
from tests.kit.old_tables import written, xlsx
from tests.sim.courier import Rehearsal
from tests.sim.test_case_pages import answers, window_of
from tests.sim.test_cases import meet, three_desks

HEAD = ("No", "Name", "Born", "Pursuer", "Phone")
ROWS = [(1, "Ару Лес", 1990, "Brother", "+000 1"), (2, "Tam Reed", "1988-04", None, None)]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def bring(
    stage: Rehearsal, desk: Desk, path: Path, *, team: VaultId | None = None, held: bool = False
) -> Report:
    """Look at a table and bring it in; two desks read each case."""
    tables = desk.cases.tables
    tables.begin_look(path.name, lambda: load(path))
    assert tables.looked is not None
    title = tables.looked.title or "Spring list"
    both = Chosen(tuple(stage.desks[name].device for name in ("first", "second")))
    readers = dict.fromkeys(Part, both)
    return tables.bring(title, team, readers, held=held)


def ids(desk: Desk) -> list[CaseId]:
    """The cases that a desk reads, oldest first."""
    return [one.id for one in reversed(desk.cases.files(start=0, most=99)[0])]


def person(desk: Desk, case: CaseId) -> Sheet:
    """The one person of a case."""
    (found,) = desk.cases.records.record(case).of_kind("person")
    return found


def write(desk: Desk, case: CaseId, part: Part, **said: str) -> None:
    """Write into the person of a case over what stands there."""
    sheet = person(desk, case)
    typed = {
        (part, name): Typed(text, frozenset(w.fact for e in sheet.entered(name) for w in e.written))
        for name, text in said.items()
    }
    desk.cases.records.write(case, "person", sheet.id, typed)


def table(path: Path, *rows: tuple[object, ...]) -> Path:
    """A workbook with these rows."""
    return written(path / "list.xlsx", xlsx([HEAD, *rows]))


def test_rows_become_cases_and_the_same_file_writes_nothing_more(
    office: Rehearsal, tmp_path: Path
) -> None:
    first, second, _ = office.desks.values()
    path = table(tmp_path, *ROWS)
    assert bring(office, second, path).counts == {"new": 2}
    meet(office)
    one, two = ids(second)
    assert person(first, one).text("name") == "Ару Лес"
    assert person(first, two).text("born") == "1988-04"
    (pursuer,) = first.cases.records.record(one).of_kind("pursuer")
    assert pursuer.text("hunts") == person(first, one).id.hex()
    before = second.journal.pen.sequence
    assert bring(office, second, path).counts == {"same": 2}
    assert second.journal.pen.sequence == before
    assert all(not verify_store(desk.journal).findings for desk in office.desks.values())


def test_later_file_follows_its_table_and_leaves_what_people_wrote(
    office: Rehearsal, tmp_path: Path
) -> None:
    first, second, _ = office.desks.values()
    bring(office, second, table(tmp_path, *ROWS))
    meet(office)
    one, two = ids(second)
    write(first, one, Part.IDENTITY, born="1991")
    meet(office)
    later = table(
        tmp_path,
        (1, "Ару Лес", 1992, "Elder brother", None),
        (2, "Somebody Else", 1988, None, None),
        (3, "Mirel Oak", 2001, None, None),
    )
    report = bring(office, second, later)
    assert report.counts == {"updates": 1, "refused": 1, "new": 1}
    codes = [[one.code for one in line.remarks] for line in report.lines]
    assert codes[0] == ["left", "emptied"]
    assert codes[1] == ["other_name"]
    meet(office)
    assert person(first, one).text("born") == "1991"
    assert person(first, one).text("reach") == "+000 1"
    (pursuer,) = first.cases.records.record(one).of_kind("pursuer")
    assert pursuer.text("name") == "Elder brother"
    assert person(first, two).text("name") == "Tam Reed"


def test_two_desks_that_bring_in_one_table_apart_are_told_and_nothing_is_joined(
    office: Rehearsal, tmp_path: Path
) -> None:
    first, second, _ = office.desks.values()
    team = first.teams.form("Night", {second.device})
    meet(office)
    meet(office)
    bring(office, second, table(tmp_path, ROWS[0]), team=team)
    meet(office)
    path = table(tmp_path, *ROWS)
    assert bring(office, first, path, team=team).counts == {"same": 1, "new": 1}
    assert bring(office, second, path, team=team).counts == {"same": 1, "new": 1}
    assert first.cases.tables.book.doubles() == ()
    meet(office)
    for desk in (first, second):
        ((one, two),) = desk.cases.tables.book.doubles()
        assert {person(desk, one).text("name"), person(desk, two).text("name")} == {"Tam Reed"}
        assert [pair for pair in desk.cases.across.pairs() if pair.asked]
        counts = bring(office, desk, path).counts
        assert counts == {"same": 1, "refused": 1}
        with window_of(desk) as window:
            assert "One row, two cases" in window.pages.get("/tables").text


def test_a_table_kept_with_a_team_is_found_by_it_and_by_nobody_else(
    office: Rehearsal, tmp_path: Path
) -> None:
    first, second, third = office.desks.values()
    team = first.teams.form("Night", {second.device})
    meet(office)
    with window_of(third) as window:
        before = answers(window, third, CaseId(bytes(16)), "reed")
        bring(office, second, table(tmp_path, *ROWS), team=team)
        meet(office)
        assert answers(window, third, CaseId(bytes(16)), "reed") == before
    assert [one.fact.name for one in first.cases.tables.book.tables().values()] == ["Spring list"]
    assert third.cases.tables.book.tables() == {}
    assert third.cases.tables.book.doubles() == ()
    with pytest.raises(MayBringNoTable):
        bring(office, third, table(tmp_path, *ROWS))


def test_a_row_that_stands_in_another_part_counts_nowhere(
    office: Rehearsal, tmp_path: Path
) -> None:
    _, second, _ = office.desks.values()
    bring(office, second, table(tmp_path, ROWS[0]))
    (case,) = ids(second)
    (looked,) = second.cases.tables.book.tables().values()
    file = second.cases.case(case)
    health = file.part(Part.HEALTH) if file else None
    assert health is not None
    row = RowBroughtIn(case, looked.fact.table, b"r" * 32, ())
    second.journal.write([case_fact(health.vault, row)])
    assert second.cases.tables.book.known((looked.fact.table, b"r" * 32)) == []


def test_without_a_server_no_case_is_half_opened_and_it_goes_on_later(
    office: Rehearsal, tmp_path: Path
) -> None:
    _, second, _ = office.desks.values()
    online, calls = second.cases._online, iter(range(9))

    def once() -> object:
        if next(calls):
            raise Unreachable
        return online()

    second.cases._online = once  # type: ignore[misc,assignment]
    path = table(tmp_path, *ROWS)
    report = bring(office, second, path)
    assert report.why == Unreachable.code
    assert report.counts == {"new": 1, "waits": 1}
    second.cases._online = online  # type: ignore[misc]
    assert bring(office, second, path).counts == {"same": 1, "new": 1}
    assert len(ids(second)) == 2


def test_how_a_table_is_read_counts_in_the_vault_of_a_team_alone(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    kept = TableKept(b"t" * 16, "Spring list", (), (), ())
    third.journal.write([case_fact(third.journal.crew_vault, kept)])
    meet(office)
    for desk in (first, second, third):
        assert desk.cases.tables.book.tables() == {}
