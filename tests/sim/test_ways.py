# SPDX-License-Identifier: AGPL-3.0-or-later
"""Houses, roads and countries on desks of one office: who reads and writes which book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine import office_vaults
from safeconduct.edges.desk.engine.office_vaults import OpenAlready
from safeconduct.edges.desk.engine.rotating import Rotator
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.errors import Unreachable
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.sheets import SheetId, Typed
from safeconduct.kernel.words import DAY, VaultId
from safeconduct.rooms import passage
from safeconduct.rooms.crew import Role, VaultKind, VaultOpened
from safeconduct.rooms.crew.cases import NotHere
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.passage import Book, Freshness, Sheet, standing
from safeconduct.rooms.passage.believed import closed
from safeconduct.rooms.passage.decide import NetworkNotYours, NoSuchBook
from safeconduct.rooms.passage.kinds import kinds_of
from tests.kit.relay import SetClock
from tests.sim.courier import Rehearsal
from tests.sim.steps import pass_on, sync
from tests.sim.test_case_pages import window_of
from tests.sim.test_cases import go_online, meet, signed
from tests.unit.edges.desk.pages.window import Window

COORDINATOR = frozenset({Role.COORDINATOR})
HOUSE = {"where": "Mill Lane 3", "beds": "4", "state": "fit"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a coordinator and a case worker, each online."""
    with Rehearsal(tmp_path) as rehearsal:
        rehearsal.found()
        rehearsal.join("second", COORDINATOR)
        rehearsal.join("third", frozenset({Role.CASE_WORKER}))
        go_online(rehearsal)
        meet(rehearsal)
        yield rehearsal


def opened(stage: Rehearsal, book: Book, *names: str) -> None:
    """Let the steward open a book for desks."""
    stage.desks["first"].ways.open(book, {stage.desks[name].device for name in names})
    meet(stage)


def write(desk: Desk, kind: str, sheet: SheetId | None = None, /, **said: str) -> SheetId:
    """Write a sheet; of one that stands, over what is seen there."""
    there = desk.ways.network().sheet(sheet, kind) if sheet else None
    typed = {
        name: Typed(
            text,
            frozenset(
                one.fact for e in (there.entered(name) if there else ()) for one in e.standing
            ),
        )
        for name, text in said.items()
    }
    return desk.ways.write(kind, sheet, typed)


def the(desk: Desk, kind: str = "house") -> Sheet:
    """The one sheet of a kind that a desk reads."""
    (sheet,) = desk.ways.network().of_kind(kind)
    return sheet


def answers(window: Window, sheet: SheetId) -> dict[str, tuple[int, bytes]]:
    """What a desk answers wherever it could tell of the network."""
    of = [(book.value, kind) for book in Book for kind in kinds_of(book)]
    paths = [
        "/ways",
        "/ways/plan",
        "/ways/plan/state",
        "/ways/map",
        "/ways/places",
        "/cases",
        "/crew",
        "/today",
        "/search?q=mill",
        "/search/hits?q=mill",
    ]
    for book in Book:
        paths += [f"/ways/{book.value}{end}" for end in ("", "/open", "/who")]
    for book_name, kind in of:
        at = f"/ways/{book_name}/{kind}"
        paths += [at, f"{at}?off=1", f"{at}/new", f"{at}/{sheet.hex()}"]
    found = ((path, window.client.get(path)) for path in paths)
    return {path: (answer.status_code, answer.content) for path, answer in found}


def test_two_desks_in_step_write_and_make_sure_and_a_third_learns_nothing(
    office: Rehearsal,
) -> None:
    first, second, third = office.desks.values()
    assert set(first.ways.to_open()) == set(Book)
    assert first.ways.proposed() == [second.device]
    opened(office, Book.HOUSES, "second")
    house = write(first, "house", **HOUSE)
    meet(office)
    seen = the(second)
    assert seen.text("where") == "Mill Lane 3"
    second.ways.verify("house", house, standing(seen), "Slept there.")
    meet(office)
    network = first.ways.network()
    assert network.freshness(the(first), first.now()) is Freshness.FRESH
    last = network.last_sure(the(first))
    assert last is not None
    assert (last.by, last.how) == (second.device, "Slept there.")
    assert third.ways.network().books == frozenset()
    assert third.ways.network().sheets == ()
    for desk in office.desks.values():
        assert not verify_store(desk.journal).findings


def test_what_two_desks_wrote_unseen_stands_on_both_and_the_safer_is_believed(
    office: Rehearsal,
) -> None:
    first, second, _ = office.desks.values()
    opened(office, Book.HOUSES, "second")
    house = write(first, "house", **HOUSE)
    meet(office)
    write(first, "house", house, state="burned")
    write(second, "house", house, state="resting")
    meet(office)
    for desk in (first, second):
        (state,) = the(desk).entered("state")
        assert {one.text for one in state.standing} == {"burned", "resting"}
        assert closed(desk.ways.network(), the(desk), "2026-11-30")
    assert first.ways.network() == second.ways.network()


@pytest.mark.attack
def test_who_lacks_a_book_sees_the_same_bytes_whatever_is_written(office: Rehearsal) -> None:
    first, _, third = office.desks.values()
    opened(office, Book.HOUSES, "second")
    opened(office, Book.ROADS, "second", "third")
    with window_of(third) as window:
        before = answers(window, SheetId(b"1" * 16))
        house = write(first, "house", **HOUSE)
        first.ways.verify("house", house, standing(the(first)), "Slept there.")
        said = {"closes": house.hex(), "begins": "2026", "how": "burned", "why": "Searched."}
        write(first, "house_closed", **said)
        first.ways.take_off("house", house, "Sold.")
        meet(office)
        after = answers(window, SheetId(b"1" * 16))
        assert {path: after[path] == one for path, one in before.items()} == dict.fromkeys(
            before, True
        )
        assert window.client.get(f"/ways/houses/house/{house.hex()}").status_code == 404
    assert third.ways.network().books == {Book.ROADS}


def test_who_plans_roads_reads_no_address_and_keeps_the_towns_of_houses(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    opened(office, Book.ROADS, "second", "third")
    opened(office, Book.HOUSES, "second")
    town = write(second, "town", name="Ford")
    write(second, "house", **HOUSE, town=town.hex())
    meet(office)
    assert [one.kind for one in third.ways.network().sheets] == ["town"]
    assert {one.kind for one in first.ways.network().sheets} == {"town", "house"}
    with pytest.raises(NoSuchBook):
        write(third, "house", **HOUSE)


def test_a_book_is_given_by_who_reads_it_with_all_that_stands_there(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    opened(office, Book.ABROAD, "second")
    write(second, "country", name="Norland", route="By sea.", state="open")
    assert third.device in second.ways.givable(Book.ABROAD)
    second.ways.give(Book.ABROAD, [third.device])
    meet(office)
    assert the(third, "country").text("name") == "Norland"
    people = {one.person for one in third.ways.who_can_see(Book.ABROAD).holders}
    assert len(people) == 3
    with pytest.raises(NotHere):
        second.ways.give(Book.ABROAD, [VaultId(b"x" * 16)])  # type: ignore[list-item]


def test_only_a_steward_opens_a_book_and_once(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    assert second.ways.to_open() == ()
    with pytest.raises(NotASteward):
        second.ways.open(Book.HOUSES, ())
    opened(office, Book.HOUSES)
    with pytest.raises(OpenAlready):
        first.ways.open(Book.HOUSES, ())
    assert set(first.ways.to_open()) == {Book.ROADS, Book.ABROAD, Book.JOURNEYS}


@pytest.mark.attack
def test_a_steward_with_an_old_clock_leads_no_house_into_a_book_of_their_own(
    office: Rehearsal,
) -> None:
    first, second, _ = office.desks.values()
    turned = office.join("turned", frozenset({Role.STEWARD}))
    go_online(office)
    meet(office)
    first.ways.open(Book.HOUSES, {second.device})
    sync(office, "first")
    turned.journal.clock = SetClock(first.now() - DAY)  # type: ignore[misc]
    turned.journal.pen = replace(turned.journal.pen, hlc=0)
    turned.ways.open(Book.HOUSES, {second.device})
    meet(office)
    assert len(office_vaults.held(second.journal, VaultKind.HOUSES)) == 2
    write(second, "house", **HOUSE)
    meet(office)
    assert the(first).text("where") == "Mill Lane 3"


def test_a_book_that_is_not_in_the_log_yet_comes_after_one_that_is(office: Rehearsal) -> None:
    first = office.desks["first"]
    other = office.join("other", frozenset({Role.STEWARD}))
    go_online(office)
    meet(office)
    first.ways.open(Book.HOUSES, {other.device})
    other.ways.open(Book.HOUSES, {first.device})
    (late,) = office_vaults.held(first.journal, VaultKind.HOUSES)
    (early,) = office_vaults.held(other.journal, VaultKind.HOUSES)
    sync(office, "other")
    pass_on(office, "first")
    for desk in (first, other):
        meet(office)
        assert office_vaults.held(desk.journal, VaultKind.HOUSES) == [early, late]


def test_a_book_stays_what_it_was_opened_as(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    opened(office, Book.ROADS, "second")
    opened(office, Book.HOUSES, "second")
    write(second, "house", **HOUSE)
    (vault,) = office_vaults.held(first.journal, VaultKind.HOUSES)
    for kind in ("abroad", "x"):
        first.journal.write([signed(first, VaultOpened(vault, kind, (), 1))])
    meet(office)
    assert second.ways.network().books == {Book.HOUSES, Book.ROADS}
    assert the(second).text("where") == "Mill Lane 3"


def test_what_carries_calls_alone_is_given_no_book(office: Rehearsal) -> None:
    first = office.desks["first"]
    line = office.join("line", frozenset({Role.LINE}))
    with pytest.raises(NotHere):
        first.ways.open(Book.HOUSES, {line.device})
    opened(office, Book.HOUSES)
    assert line.device not in first.ways.givable(Book.HOUSES)
    with pytest.raises(NotHere):
        first.ways.give(Book.HOUSES, [line.device])


def test_without_the_server_nothing_is_opened(office: Rehearsal) -> None:
    first = office.desks["first"]

    def offline() -> None:
        raise Unreachable

    first.ways._online = offline  # type: ignore[misc,assignment]
    with pytest.raises(Unreachable):
        first.ways.open(Book.HOUSES, ())
    assert first.ways.network().books == frozenset()
    assert Book.HOUSES in first.ways.to_open()


@pytest.mark.attack
def test_who_may_not_write_is_refused_and_counts_nowhere(office: Rehearsal) -> None:
    first, _, third = office.desks.values()
    opened(office, Book.HOUSES, "third")
    house = write(first, "house", **HOUSE)
    meet(office)
    with pytest.raises(NetworkNotYours):
        write(third, "house", house, beds="9")
    (vault,) = office_vaults.held(third.journal, VaultKind.HOUSES)
    fact = passage.write_sheet(third.ways.network(), "house", house, {"beds": Typed("9")})
    kind = passage.kind_of(fact)
    third.journal.write([Fact(vault, kind, passage.VERSION, passage.write_fact(fact))])
    meet(office)
    assert the(first).text("beds") == "4"
    assert the(third).text("beds") == "4"
    third.ways.verify("house", house, standing(the(third)), "Called the host.")
    meet(office)
    assert first.ways.network().freshness(the(first), first.now()) is Freshness.FRESH


def test_who_is_removed_reads_no_house_that_is_written_afterwards(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    opened(office, Book.HOUSES, "second")
    (vault,) = office_vaults.held(first.journal, VaultKind.HOUSES)
    before = first.journal.keys.vaults()[vault].epoch
    first.removals.suspend(second.device, "Arrested.")
    Rotator(first.journal, office.courier(first)).rotate_all()
    pass_on(office, "first", "third")
    assert first.journal.keys.vaults()[vault].epoch > before
    assert second.device not in first.journal.keys.vaults()[vault].known
    write(first, "house", **HOUSE)
    assert second.ways.network().sheets == ()
