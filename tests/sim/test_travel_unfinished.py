# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a desk still has to tell or to do when somebody packs it for a trip: none of it is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from safeconduct.edges.desk import packing
from safeconduct.edges.desk.audit_api import OPENED, PART_READ, SEARCHED, Deed
from safeconduct.edges.desk.engine import (
    files_again,
    keys_again,
    moved_letters,
    new_root,
    openings,
    readings,
    searches,
    travelling,
)
from safeconduct.edges.desk.engine.files_again import FilesAgain, Wanted
from safeconduct.edges.desk.engine.travelling import StillToSend
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.canon import Record
from safeconduct.kernel.words import DAY, Instant
from safeconduct.rooms.cases import Part
from safeconduct.rooms.crew import Role
from safeconduct.rooms.hotline.events import OPENED_MOST
from tests.sim.courier import Rehearsal
from tests.sim.on_duty import OnDuty
from tests.sim.steps import Person, pass_on, sync
from tests.sim.test_audit import day_of, tell
from tests.sim.test_cases import opened, three_desks
from tests.sim.test_keys_again import admitted
from tests.sim.test_new_root import NEW, heeded
from tests.sim.test_recovery import let_follow
from tests.sim.test_travel import pack

WORDS = "unmistakable"
_OF_READINGS = "SELECT count(*) FROM settings WHERE name = 'readings'"
FILE = Wanted(b"b" * 32, b"c" * 16)


def reports(desk: Desk, of: Desk) -> list[Deed]:
    """What a device reported of itself, as a desk tells it, searches last."""
    deeds, _ = desk.audit.deeds(of.device, start=0, most=1_000)
    return sorted((one for one in deeds if one.kind in {OPENED, SEARCHED}), key=lambda d: d.kind)


def test_helper_who_packs_does_not_leave_behind_what_they_looked_at(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    day = Instant(day_of(stage))
    second.audit.opened(person.conversation)
    second.audit.searched(WORDS)
    second.audit.searched("another")
    light = pack(stage)
    sync(stage, "second", "first")
    opened, searched = reports(first, light)
    assert (opened.at, [talk for talk, _ in opened.talks]) == (day, [person.conversation])
    assert (searched.at, searched.times) == (day, 2)
    assert opened.counts
    assert searched.counts
    assert openings.waiting(light.journal) == []
    assert searches.waiting(light.journal) == []


def test_parts_of_cases_that_were_looked_at_are_told_before_they_are_left(tmp_path: Path) -> None:
    with three_desks(tmp_path) as office:
        first, second = office.desks["first"], office.desks["second"]
        case = opened(office, second)
        file = second.cases.case(case)
        assert file is not None
        second.cases.opened(file)
        carried = [second.journal.hotline_vault, file.parts[0].vault]
        light = pack(office, carried=carried)
        sync(office, "second", "first")
        told = [first.cases.reported(case, part, start=0, most=9)[0] for part in Part]
        assert [[(one.device, one.kind) for one in of] for of in told] == [
            [(light.device, PART_READ)]
        ] * 6
        assert readings.waiting(light.journal) == []
        assert light.journal.store.value(_OF_READINGS) == 0


def test_what_was_looked_at_is_told_later_where_the_hotline_goes_along(
    stage: Rehearsal, person: Person
) -> None:
    first, second = stage.desks["first"], stage.desks["second"]
    day = Instant(day_of(stage))
    second.audit.opened(person.conversation)
    second.audit.searched(WORDS)
    light = pack(stage, carried=[second.journal.hotline_vault])
    sync(stage, "second", "first")
    assert reports(first, light) == []
    stage.clock.time += DAY
    here, there = (OnDuty(one, stage.courier(one)) for one in (first, light))
    for _ in range(2):
        tell(there, here)
    assert [(one.at, one.times) for one in reports(first, light)] == [(day, 0), (day, 1)]


def test_what_a_light_desk_was_asked_to_show_is_told_once_its_keys_are_back(
    stage: Rehearsal, person: Person
) -> None:
    first, light = stage.desks["first"], pack(stage)
    day = Instant(day_of(stage))
    light.audit.searched(WORDS)
    light.audit.opened(person.conversation)
    stage.clock.time += DAY
    tell(OnDuty(light, stage.courier(light)))
    assert reports(first, light) == []
    travelling.ask(light.journal)
    sync(stage, "second", "first")
    travelling.give_back(first.journal, stage.courier(first), light.device)
    sync(stage, "first", "second")
    here, there = (OnDuty(one, stage.courier(one)) for one in (first, light))
    for _ in range(2):
        tell(there, here)
    assert [(one.at, one.times) for one in reports(first, light)] == [(day, 0)]


def test_all_that_waits_is_told_in_one_commit(stage: Rehearsal, person: Person) -> None:
    journal = stage.desks["second"].journal
    looked = tuple((1, number.to_bytes(16, "big")) for number in range(openings.WAITING_MOST))
    counted = tuple((day, 9_999) for day in range(searches.DAYS_MOST))
    journal.store.put_setting(openings.NAME, openings.Looked(1, (), looked))
    journal.store.put_setting(searches.NAME, searches.Counted(counted))
    before = journal.pen.sequence
    light = pack(stage)
    sync(stage, "second", "first")
    assert light.journal.pen.sequence == before + 1
    told = reports(stage.desks["first"], light)
    assert len(told) == openings.WAITING_MOST // OPENED_MOST + searches.DAYS_MOST
    assert person.conversation


def test_new_cards_are_told_to_the_relay_before_their_desk_is_packed(
    stage: Rehearsal, person: Person
) -> None:
    del person
    stage.join("third", frozenset({Role.STEWARD}))
    sync(stage, "first", "second", "third", "first", "third")
    first = stage.desks["first"]
    let_follow(stage, first)
    pass_on(stage, "first", "third", "first")
    assert new_root.waiting(first.journal) is not None
    with pytest.raises(StillToSend):
        travelling.begin(first.journal, ())
    assert not packing.waits(first.journal.store)
    for _ in range(3):
        admitted(stage, "first", "third", "second")
    pack(stage, "first")
    assert heeded(stage) == NEW


@pytest.mark.parametrize(
    ("name", "waits"),
    [
        (keys_again.NAME, ()),
        (moved_letters.DUE, ()),
        (files_again.NAME, FilesAgain(0, 0, (FILE,), ())),
    ],
)
def test_what_a_move_left_to_be_done_is_done_before_a_desk_is_packed(
    stage: Rehearsal, person: Person, name: str, waits: Record | tuple[()]
) -> None:
    del person
    second = stage.desks["second"]
    second.journal.store.put_setting(name, waits)
    with pytest.raises(StillToSend):
        travelling.begin(second.journal, ())
    assert not packing.waits(second.journal.store)


def test_file_that_is_nowhere_holds_no_trip_up(stage: Rehearsal, person: Person) -> None:
    del person
    second = stage.desks["second"]
    second.journal.store.put_setting(files_again.NAME, FilesAgain(0, 0, (), (FILE,)))
    travelling.begin(second.journal, ())
    assert packing.waits(second.journal.store)
