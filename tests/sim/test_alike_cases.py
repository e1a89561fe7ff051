# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may be one person in two cases, on real desks: told to who holds both, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.records import Records
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.pairs_decide import Word
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.sheets import SHEETS
from safeconduct.rooms.crew import removing
from tests.sim.courier import Rehearsal
from tests.sim.steps import pass_on
from tests.sim.test_case_pages import Answers, answers, window_of
from tests.sim.test_cases import meet, opened, signed, three_desks
from tests.sim.test_many_cases import Counting
from tests.sim.test_travel import pack
from tests.unit.edges.desk.pages.window import Window

NAME, ALIKE = "Магомед Хаджиев", "Mukhammad Hadschijew"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def wrote(desk: Desk, case: CaseId, kind: str = "person", **values: str) -> SheetId:
    """Write a sheet, each field into its part."""
    part = {one.name: one.part for one in SHEETS[kind]}
    typed = {(part[name], name): Typed(text) for name, text in values.items()}
    return desk.cases.records.write(case, kind, None, typed)


def every(window: Window, desk: Desk, case: CaseId, by: Desk) -> Answers:
    """What a desk answers wherever something of several cases could be told."""
    path = f"/cases/{case.hex()}"
    more = (
        *("/cases/papers", "/cases/alike", f"{path}/network", f"{path}/record/person/new"),
        *(f"/crew/{by.device.hex()}/did", f"/crew/{by.device.hex()}/could-read"),
    )
    found = answers(window, desk, case, "Хаджиев", "asked")
    for one in more:
        answer = window.client.get(one)
        found[one] = answer.status_code, answer.content
    return found


def test_who_holds_both_is_told_and_says_it_once_for_all(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    one, other = opened(office, second), opened(office, second)
    wrote(second, one, name=NAME)
    assert second.cases.across.pairs() == []
    at = wrote(second, other, name=ALIKE)
    ((pair,),) = second.cases.across.of_case(other).values()
    assert pair.asked
    assert list(second.cases.across.of_case(other)) == [at]
    meet(office)
    assert first.cases.across.pairs() == [pair]
    first.cases.across.judge(pair.key, Word(True, "The same scar."))
    second.cases.across.judge(pair.key, Word(False, "Two brothers."))
    meet(office)
    both = first.cases.across.pairs()[0]
    assert [both] == first.cases.across.pairs() == second.cases.across.pairs()
    assert both.asked
    assert {(one.same, one.stands) for one in both.verdict.said} == {(True, True), (False, True)}
    word = Word(True, "We both asked him.", frozenset(one.pair for one in both.verdict.standing))
    first.cases.across.judge(pair.key, word)
    meet(office)
    (agreed,) = second.cases.across.pairs()
    assert (agreed.asked, agreed.verdict.same) == (False, True)
    second.journal.read_again()
    assert list(second.cases.across.pairs()) == [agreed]
    assert all(not verify_store(desk.journal).findings for desk in office.desks.values())


def test_who_holds_one_of_two_learns_nothing_byte_for_byte(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    one = opened(office, second, identity=("third",), journey=("third",))
    other = opened(office, second, journey=("third",))
    wrote(second, one, name=NAME, stands="asks")
    wrote(second, other, stands="asks")
    meet(office)
    with window_of(third) as window:
        before = every(window, third, one, second), every(window, third, other, second)
        wrote(second, other, name=ALIKE)
        meet(office)
        second.cases.across.judge(
            second.cases.across.pairs()[0].key, Word(True, "Has asked in the north.")
        )
        meet(office)
        after = every(window, third, one, second), every(window, third, other, second)
        for path, answer in (*before[0].items(), *before[1].items()):
            assert answer in (after[0].get(path), after[1].get(path)), path
        assert after == before
    assert third.cases.across.pairs() == []
    with pytest.raises(NoSuchPart):
        third.cases.across.judge(second.cases.across.pairs()[0].key, Word(True, "x"))
    (said,) = first.cases.across.pairs()
    assert said.verdict.same is True


def test_a_key_that_comes_late_shows_the_pair_and_what_was_said(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    one = opened(office, second, identity=("third",))
    other = opened(office, second)
    wrote(second, one, name=NAME)
    wrote(second, other, name=ALIKE)
    second.cases.across.judge(second.cases.across.pairs()[0].key, Word(True, "Asked."))
    meet(office)
    assert third.cases.across.pairs() == []
    third_only = second.cases.givable(other, Part.IDENTITY)
    second.cases.give(other, Part.IDENTITY, third_only._replace(teams=()))
    meet(office)
    (pair,) = third.cases.across.pairs()
    assert (pair.asked, pair.verdict.same) == (False, True)
    with window_of(third) as window:
        page = window.pages.get("/cases/alike")
        assert "Asked." in page.text
        assert ("/cases/alike/judged" in page.html) is third.cases.may_write()


def test_a_save_folds_the_case_that_it_wrote_into_and_no_other(
    office: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, second, _ = office.desks.values()
    cases = [opened(office, second) for _ in range(4)]
    for case in cases:
        wrote(second, case, name=NAME)
    assert len(second.cases.across.pairs()) == 6
    counting = Counting(monkeypatch, Records, "record")
    second.cases.across.pairs()
    assert counting.times == 0
    second.cases.note(cases[0], Part.HEALTH, "x")
    second.cases.across.pairs()
    assert counting.times == 1
    wrote(second, cases[0], "document", expires="2017-04")
    counting.times = 0
    assert len(second.cases.across.papers()) == 1
    assert counting.times == 1


def test_what_a_removed_device_wrote_beyond_its_cut_counts_if_it_is_adopted(
    office: Rehearsal,
) -> None:
    first, second, _ = office.desks.values()
    cases = [opened(office, second) for _ in range(3)]
    for case in cases[:2]:
        wrote(second, case, name=NAME)
    meet(office)
    assert len(first.cases.across.pairs()) == 1
    first.removals.suspend(second.device, "")
    wrote(second, cases[2], name=ALIKE)
    pass_on(office, "second", "first")
    assert len(first.cases.across.pairs()) == 1
    late = first.removals.quarantined(start=0, most=1)[0][0].commit
    adopted = removing.adopt(first.journal.roster, first.device, late, [0])
    first.journal.write([signed(first, adopted)])
    assert len(first.cases.across.pairs()) == 3


def test_what_is_packed_for_a_trip_is_seen_no_more(office: Rehearsal) -> None:
    _, second, _ = office.desks.values()
    for name in (NAME, ALIKE):
        case = opened(office, second)
        wrote(second, case, name=name)
        wrote(second, case, "document", expires="2017-04")
    assert len(second.cases.across.pairs()) == 1
    meet(office)
    light = pack(office)
    assert light.cases.across.pairs() == []
    assert light.cases.across.papers() == []
