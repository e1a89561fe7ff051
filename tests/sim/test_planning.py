# SPDX-License-Identifier: AGPL-3.0-or-later
"""Planning journeys on real desks: from sheets to an approved journey, and who chooses."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.engine import asker, office_vaults
from safeconduct.edges.desk.engine.planner import MODULE
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.planning_api import Asked, Trying
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.sheets import SheetId
from safeconduct.kernel.words import FactId
from safeconduct.rooms import passage
from safeconduct.rooms.crew import Role, VaultKind
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.between import NotSeconded, put_before
from safeconduct.rooms.passage.events import ChoiceSeconded
from safeconduct.rooms.passage.gathering.proposed import PlannedOnChanged
from tests.sim.courier import Rehearsal
from tests.sim.test_cases import go_online, meet
from tests.sim.test_ways import COORDINATOR, write

PATIENCE = 60.0
LOCAL = "2026-11-20T06:00"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward and a coordinator who read all four books; the coordinator has two devices."""
    with Rehearsal(tmp_path) as rehearsal:
        rehearsal.found()
        rehearsal.join("second", COORDINATOR, person="Bo")
        rehearsal.join("again", COORDINATOR, person="Bo")
        go_online(rehearsal)
        meet(rehearsal)
        first, *others = rehearsal.desks.values()
        for book in Book:
            first.ways.open(book, {one.device for one in others})
        meet(rehearsal)
        yield rehearsal


def land(desk: Desk, *sizes: str) -> list[SheetId]:
    """Write a town to leave, one to come to, and who waits."""
    home, away = write(desk, "town", name="Ford"), write(desk, "town", name="Bridge")
    host = write(desk, "household", name="N", state="ready", trust="high")
    at = {"where": "Mill Lane 3", "town": away.hex(), "host": host.hex(), "suits": "any"}
    write(desk, "house", **at, beds="1", state="fit", trust="high")
    write(desk, "leg", **{"from": home.hex()}, to=away.hex(), mode="car", minutes="90",
          exposure="low", registers="no", checkpoints="0")  # fmt: skip
    escort = write(desk, "escort", name="E", state="ready", trust="high", most="9")
    write(desk, "vehicle", name="V", escort=escort.hex(), seats="4", state="fit")
    party = {"town": home.hex(), "need": "any", "state": "waits", "papers": "none"}
    return [write(desk, "party", **party, size="1", risk=one, wanted="no") for one in sizes]


def planned(desk: Desk) -> None:
    """Plan, and stop as soon as there is a plan."""
    plans, until = desk.ways.plans, time.monotonic() + PATIENCE
    plans.begin(Asked(days=7), LOCAL)
    while plans.thinking and time.monotonic() < until:
        if plans.standing() is not None:
            plans.enough()
        time.sleep(0.05)
    assert plans.proposal() is not None


def choice_of(desk: Desk) -> FactId:
    """The one choice between parties."""
    (choice,) = desk.ways.network().choices
    return choice.fact


def test_an_approved_journey_is_read_on_the_other_desk(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    (party,) = land(first, "high")
    meet(office)
    planned(second)
    before = len(list(office.folder.rglob("*")))
    second.ways.plans.approve([0], LOCAL)
    meet(office)
    assert len(list(office.folder.rglob("*"))) == before
    network = first.ways.network()
    (journey,), (ride,), (stay,) = map(network.of_kind, ("journey", "ride", "stay"))
    assert journey.text("party") == party.hex()
    assert ride.text("journey") == stay.text("journey") == journey.id.hex()
    commits = {one.fact[:32] for sheet in (journey, ride, stay) for one in sheet.fields[0].written}
    assert len(commits) == 1


def test_what_a_colleague_wrote_meanwhile_stops_an_approval(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    land(first, "high")
    meet(office)
    planned(second)
    (house,) = first.ways.network().of_kind("house")
    write(first, "house", house.id, rules="No shoes.")
    meet(office)
    second.ways.network()
    write(first, "house", house.id, state="burned")
    meet(office)
    with pytest.raises(PlannedOnChanged) as refused:
        second.ways.plans.approve([0], LOCAL)
    assert refused.value.sheets == (("house", house.id),)
    with pytest.raises(PlannedOnChanged):
        second.ways.plans.approve([0], "2026-11-21T06:00")
    assert not second.ways.network().of_kind("journey")


def test_the_search_ends_with_the_desk_and_is_told_nothing_by_its_arguments(
    office: Rehearsal,
) -> None:
    first, *_ = office.desks.values()
    land(first, "high", "grave")
    first.ways.plans.begin(Asked(days=7, seconds=60), LOCAL)
    (line,) = children()
    assert line[1:] == ["-P", "-m", MODULE, ""]
    first.abandon()
    until = time.monotonic() + PATIENCE
    while first.ways.plans.thinking and time.monotonic() < until:
        time.sleep(0.02)
    assert children() == []
    assert first.ways.plans.proposal() is None


def test_who_would_pay_and_what_would_help_are_answered_and_kept_nowhere(
    office: Rehearsal,
) -> None:
    first, *_ = office.desks.values()
    less, _more = land(first, "standard", "grave")
    planned(first)
    whys, before = first.ways.plans.whys, held(office.folder)
    whys.ask(less, "")
    whys.force()
    whys.help()
    now, until = whys.answers(), time.monotonic() + PATIENCE
    while now and (running(now.forcing) or running(now.helping)) and time.monotonic() < until:
        time.sleep(0.05)
        now = whys.answers()
    assert now is not None
    assert now.why is not None
    assert now.forced is not None
    assert now.forced.pay == (1,)
    assert now.helps[0].saves > 0
    assert held(office.folder) == before


def running(one: Trying | None) -> bool:
    """Whether an answer is still looked for."""
    return one is not None and one.thinking


def held(folder: Path) -> dict[Path, bytes]:
    """What stands in the files of all desks, but for what a database keeps beside its file."""
    return {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


@pytest.mark.attack
def test_questions_about_a_plan_end_with_the_desk_and_tell_nothing_by_their_arguments(
    office: Rehearsal,
) -> None:
    first, *_ = office.desks.values()
    less, _more = land(first, "standard", "grave")
    planned(first)
    whys, until = first.ways.plans.whys, time.monotonic() + PATIENCE
    whys.ask(less, "")
    whys.help()
    (line,) = children(asker.MODULE)
    assert line[1:] == ["-P", "-m", asker.MODULE, ""]
    first.abandon()
    while children(asker.MODULE) and time.monotonic() < until:
        time.sleep(0.02)
    assert children(asker.MODULE) == []
    now = whys.answers()
    assert now is not None
    assert (now.why, now.helping, now.helps) == (None, None, ())


def children(module: str = MODULE) -> list[list[str]]:
    """The arguments of the processes that this one started to plan."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            stat = (path / "stat").read_text().rpartition(")")[2].split()
            line = (path / "cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if int(stat[1]) == os.getpid() and stat[0] != "Z" and module in line:
            found.append(line)
    return found


def test_a_choice_counts_once_a_second_person_stands_for_it(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    less, more = land(first, "standard", "grave")
    meet(office)
    second.ways.plans.choose(less, [more], "last_way")
    meet(office)
    apart = first.ways.are_apart
    assert put_before(first.ways.network(), apart) == ()
    first.ways.plans.second(choice_of(first))
    meet(office)
    for desk in (first, second):
        assert put_before(desk.ways.network(), apart) == ((less, more),)
    write(first, "party", more, risk="gravest")
    assert put_before(first.ways.network(), apart) == ()


@pytest.mark.attack
def test_one_person_with_two_devices_does_not_choose_between_people_alone(
    office: Rehearsal,
) -> None:
    first, second, again = office.desks.values()
    less, more = land(first, "standard", "grave")
    meet(office)
    second.ways.plans.choose(less, [more], "wish")
    meet(office)
    with pytest.raises(NotSeconded):
        again.ways.plans.second(choice_of(again))
    (vault,) = office_vaults.held(again.journal, VaultKind.JOURNEYS)
    fact = ChoiceSeconded(less, "party", choice_of(again))
    kind = passage.kind_of(fact)
    again.journal.write([Fact(vault, kind, passage.VERSION, passage.write_fact(fact))])
    meet(office)
    (choice,) = first.ways.network().choices
    assert choice.seconds == (again.device,)
    assert put_before(first.ways.network(), first.ways.are_apart) == ()
    assert Role.COORDINATOR in first.roster().roles(again.device)


@pytest.mark.attack
def test_a_choice_ends_with_whoever_made_it(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    less, more = land(first, "standard", "grave")
    meet(office)
    second.ways.plans.choose(less, [more], "last_way")
    meet(office)
    first.ways.plans.second(choice_of(first))
    assert put_before(first.ways.network(), first.ways.are_apart) == ((less, more),)
    first.removals.suspend(second.device, "Their telephone was taken.")
    assert put_before(first.ways.network(), first.ways.are_apart) == ()


def test_the_search_ends_when_whoever_asked_is_gone(office: Rehearsal) -> None:
    first, *_ = office.desks.values()
    land(first, "high", "grave")
    first.ways.plans.begin(Asked(days=7, seconds=60), LOCAL)
    search = first.ways.plans._search
    assert search is not None
    process, until = search.planner._process, time.monotonic() + PATIENCE
    while first.ways.plans.standing() is None and time.monotonic() < until:
        time.sleep(0.02)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(PATIENCE / 4) == 0
