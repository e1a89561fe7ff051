# SPDX-License-Identifier: AGPL-3.0-or-later
"""Case files on a trip: none is left that nobody could give back, and stewards give in parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk import packing
from safeconduct.edges.desk.cases_api import Chosen
from safeconduct.edges.desk.engine import rotating, travelling
from safeconduct.edges.desk.engine.doors import Found
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms.cases import Part
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.travel import KeysNotHeld, NobodyElseReads
from tests.sim.courier import Rehearsal
from tests.sim.steps import sync
from tests.sim.test_access_epochs import look
from tests.sim.test_cases import WORKER, go_online, meet
from tests.sim.test_desk_guards import codes
from tests.sim.test_travel import WORDS, pack


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """Two stewards and a case worker, each online."""
    with Rehearsal(tmp_path) as stage:
        stage.found()
        stage.join("second", WORKER)
        stage.join("third", frozenset({Role.STEWARD}))
        go_online(stage)
        meet(stage)
        yield stage


def opened(stage: Rehearsal, by: str, health: str, others: str) -> CaseId:
    """Let a desk open a case whose health part one desk reads with it, the others another."""
    first, second = (stage.desks[name].device for name in (health, others))
    readers = {part: {first if part is Part.HEALTH else second} for part in Part}
    case = stage.desks[by].cases.open(readers)
    stage.desks[by].cases.note(case, Part.HEALTH, WORDS)
    meet(stage)
    return case


def vault(desk: Desk, case: CaseId, part: Part) -> VaultId:
    """The vault of a part, on a desk that reads it."""
    file = desk.cases.case(case)
    assert file is not None
    found = file.part(part)
    assert found is not None
    return found.vault


def removed_and_back(stage: Rehearsal, name: str = "second") -> None:
    """Let a device be removed, all keys be renewed without it, and two stewards bring it back."""
    first, device = stage.desks["first"], stage.desks[name].device
    first.removals.suspend(device, "")
    sync(stage, "first", "first")
    if third := stage.desks.get("third"):
        look(stage, third)
        sync(stage, "third")
        third.removals.readmit(device)
        sync(stage, "third", "first")
        (waits,) = first.roster().pending
        first.removals.second(waits)
    else:
        first.removals.readmit(device)
    sync(stage, "first", "first")
    assert look(stage, stage.desks[name]) is Found.RENEWED
    go_online(stage)
    meet(stage)


def notes(desk: Desk, case: CaseId) -> list[str]:
    """What stands in the health part on a desk that reads it."""
    file = desk.cases.case(case)
    part = file and file.part(Part.HEALTH)
    return [note.text for note in part.notes] if part else []


def test_part_that_no_other_steward_reads_is_not_left(office: Rehearsal) -> None:
    third, first = office.desks["third"], office.desks["first"]
    case = opened(office, "third", "third", "first")
    health = vault(third, case, Part.HEALTH)
    alone = {one.vault for one in travelling.choices(third.journal) if one.alone}
    assert alone == {health}
    with pytest.raises(NobodyElseReads):
        travelling.begin(third.journal, ())
    assert not packing.waits(third.journal.store)
    light = pack(office, "third", [health])
    sync(office, "first", "second")
    assert notes(light, case) == [WORDS]
    assert first.journal.keys.left_by(light.device) >= {first.journal.hotline_vault}
    travelling.ask(light.journal)
    sync(office, "third", "first")
    assert travelling.give_back(first.journal, office.courier(first), light.device) == 0
    sync(office, "first", "third", "first", "third")
    assert light.journal.hotline_vault in light.journal.keys.newest()
    assert first.travel.away() == []
    assert {part.part for part in light.cases.case(case).parts} == {*Part}  # type: ignore[union-attr]


def test_part_is_left_once_another_steward_was_given_its_key(office: Rehearsal) -> None:
    third, first = office.desks["third"], office.desks["first"]
    case = opened(office, "third", "third", "first")
    rotating.ask_all(third.journal)
    meet(office)
    name = third.cases.case(case).name  # type: ignore[union-attr]
    first.cases.ask(name, Part.HEALTH, "Before a trip.")
    meet(office)
    (asked,) = third.cases.requests()
    third.cases.answer(asked.request.fact, give=True, word="Here.")
    meet(office)
    light = pack(office, "third")
    sync(office, "first")
    assert light.cases.case(case) is None
    travelling.ask(light.journal)
    sync(office, "third", "first")
    assert travelling.give_back(first.journal, office.courier(first), light.device) == 0
    sync(office, "first", "third", "first", "third")
    assert notes(light, case) == [WORDS]


def test_each_steward_gives_back_what_its_desk_reads_and_nothing_is_lost(
    office: Rehearsal,
) -> None:
    first, third = office.desks["first"], office.desks["third"]
    case = opened(office, "second", "third", "first")
    light = pack(office)
    assert light.cases.files(start=0, most=9) == ([], 0)
    travelling.ask(light.journal)
    sync(office, "second", "first", "third")
    assert travelling.give_back(first.journal, office.courier(first), light.device) == 1
    sync(office, "first", "second", "third", "second")
    file = light.cases.case(case)
    assert file is not None
    assert {one.part for one in file.parts} == {*Part} - {Part.HEALTH}
    assert light.journal.hotline_vault in light.journal.keys.newest()
    assert [one.asked for one in third.travel.away()] == [True]
    with pytest.raises(KeysNotHeld):
        travelling.give_back(first.journal, office.courier(first), light.device)
    assert travelling.give_back(third.journal, office.courier(third), light.device) == 0
    sync(office, "third", "second", "first", "second")
    assert notes(light, case) == [WORDS]
    assert first.travel.away() == third.travel.away() == []
    assert codes(office, "second") == set()


def test_what_is_still_missing_is_renewed_for_nobody_on_the_trip(office: Rehearsal) -> None:
    first, third = office.desks["first"], office.desks["third"]
    case = opened(office, "second", "third", "first")
    health = vault(third, case, Part.HEALTH)
    light = pack(office)
    travelling.ask(light.journal)
    sync(office, "second", "first", "third")
    travelling.give_back(first.journal, office.courier(first), light.device)
    sync(office, "first", "second", "third")
    for name in ("third", "first"):
        rotating.ask_all(office.desks[name].journal)
        sync(office, name, "first", "second", "third")
    newest = light.journal.keys.newest()
    assert health not in newest
    assert (
        newest[light.journal.hotline_vault]
        == first.journal.keys.newest()[light.journal.hotline_vault]
    )
    assert travelling.give_back(third.journal, office.courier(third), light.device) == 0
    sync(office, "third", "second", "first", "second")
    assert notes(light, case) == [WORDS]
    assert light.journal.keys.newest()[health] == third.journal.keys.newest()[health]


@pytest.mark.parametrize("team", [False, True])
def test_device_that_was_removed_on_its_way_asks_for_what_was_renewed_since(
    office: Rehearsal, *, team: bool
) -> None:
    first, third = office.desks["first"], office.desks["third"]
    case = opened(office, "first", "second", "second")
    if team:
        night = first.teams.form("Night", [third.device])
        first.cases.give(case, Part.HEALTH, Chosen((), [night]))
        meet(office)
    light = pack(office)
    meet(office)
    removed_and_back(office)
    first.cases.note(case, Part.HEALTH, "New words.")
    meet(office)
    travelling.ask(light.journal)
    sync(office, "second", "first")
    assert travelling.give_back(first.journal, office.courier(first), light.device) == 0
    sync(office, "first", "second", "first", "second")
    assert notes(light, case) == [WORDS]
    name = first.cases.case(case).name  # type: ignore[union-attr]
    light.cases.ask(name, Part.HEALTH, "I am back.")
    meet(office)
    (asked,) = first.cases.requests()
    first.cases.answer(asked.request.fact, give=True, word="")
    meet(office)
    assert notes(light, case) == [WORDS, "New words."]


def test_what_was_renewed_while_a_device_was_on_its_way_is_given_back(office: Rehearsal) -> None:
    first = office.desks["first"]
    case = opened(office, "first", "second", "second")
    light = pack(office)
    meet(office)
    rotating.ask_all(first.journal)
    meet(office)
    first.cases.note(case, Part.HEALTH, "New words.")
    meet(office)
    travelling.ask(light.journal)
    sync(office, "second", "first")
    assert travelling.give_back(first.journal, office.courier(first), light.device) == 0
    sync(office, "first", "second", "first", "second")
    assert notes(light, case) == [WORDS, "New words."]
