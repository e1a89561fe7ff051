# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may be approved: nothing that left, nothing that came in unseen, nothing unweighed."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from safeconduct.edges.desk.journey_plans import JourneyPlans
from safeconduct.edges.desk.planning_api import Asked, Making, NotWeighed, Proposal
from safeconduct.kernel.sheets import SheetId
from safeconduct.kernel.words import DeviceId, Instant
from safeconduct.rooms.passage import Network
from safeconduct.rooms.passage.gathering.proposed import PlannedOnChanged
from tests.kit.invented_ways import ADA, NOW, TODAY, Office
from tests.unit.rooms.passage.gathering.test_gather import Land, new_ids

PATIENCE = 60.0
MORNING, NOON = f"{TODAY}T06:00", f"{TODAY}T12:00"


def nothing() -> None:
    """Nobody comes in between."""


class Books:
    """The books of a land in memory; somebody may write while others do."""

    own: DeviceId = ADA

    def __init__(self, land: Office) -> None:
        """Read and write there."""
        self.land = land
        self.told: frozenset[tuple[bytes, bytes]] = frozenset()
        self.meanwhile: Callable[[], None] = nothing
        self._new = new_ids()
        self._read: tuple[int, Network] = (0, land.network())

    def network(self) -> Network:
        """What stands; the same while nothing comes."""
        if self._read[0] != len(self.land.told):
            self._read = len(self.land.told), self.land.network()
        return self._read[1]

    def may_write(self) -> bool:
        """Always."""
        return True

    def learnt(self) -> frozenset[tuple[bytes, bytes]]:
        """Whom slips told."""
        return self.told

    def write_together(self, make: Making) -> Network:
        """Write; then somebody else does, before anybody looks again."""
        for fact in make(self.network(), self._new):
            self.land.say(fact)
        written = self.network()
        self.meanwhile()
        return written

    def are_apart(self, one: DeviceId, other: DeviceId) -> bool:
        """Each device is somebody."""
        return one != other


class Country(Land):
    """A land in which two wait."""

    def __init__(self) -> None:
        """Write it down."""
        super().__init__()
        self.other = self.party(self.home)


def plans_of(books: Books) -> JourneyPlans:
    """The planner over them."""
    return JourneyPlans(books, lambda: Instant(NOW), nothing)


def searched(plans: JourneyPlans, local: str = MORNING) -> Proposal:
    """A plan, stopped at its first word."""
    until = time.monotonic() + PATIENCE
    plans.begin(Asked(days=7, seconds=1, anyway=True), local)
    while plans.thinking and time.monotonic() < until:
        time.sleep(0.02)
    found = plans.proposal()
    assert found is not None
    return found


def test_what_comes_in_while_one_is_approved_stops_the_next() -> None:
    land = Country()
    books = Books(land)
    plans = plans_of(books)
    found = searched(plans)
    assert len(found.proposed) == 2
    first, second = (one.row for one in found.proposed)
    books.meanwhile = lambda: land.write(land.bed, "house", state="burned")
    plans.approve([first], MORNING)
    with pytest.raises(PlannedOnChanged) as refused:
        plans.approve([second], MORNING)
    assert refused.value.sheets == (("house", land.bed),)


def test_two_are_approved_one_after_the_other_while_nothing_comes() -> None:
    books = Books(Country())
    plans = plans_of(books)
    for one in searched(plans).proposed:
        plans.approve([one.row], MORNING)
    assert len(books.network().of_kind("journey")) == 2


def test_nobody_is_sent_with_what_has_left() -> None:
    land = Land()
    land.write(land.driver, "escort", state="resting")
    land.train(land.home, land.away, "07:40", days="", day=TODAY)
    land.train(land.home, land.away, "07:40", days="", day="2026-12-02")
    plans = plans_of(Books(land))
    days = {one.timing.out for one in plans.looked_over(Asked(days=7), MORNING)[0].ways}
    assert days == {0, 2}
    search = searched(plans, NOON)
    assert {one.timing.out for one in search.gathered.ways} == {2}
    (one,) = search.proposed
    assert one.dates == ("2026-12-02",)


def test_an_approval_comes_too_late_for_what_leaves_today() -> None:
    land = Land()
    land.write(land.driver, "escort", state="resting")
    land.train(land.home, land.away, "07:40", days="", day=TODAY)
    books = Books(land)
    plans = plans_of(books)
    (one,) = searched(plans).proposed
    with pytest.raises(PlannedOnChanged) as refused:
        plans.approve([one.row], NOON)
    assert refused.value.sheets == (("party", land.who),)
    plans.approve([one.row], f"{TODAY}T07:40")
    assert len(books.network().of_kind("journey")) == 1


def test_a_slip_that_told_somebody_since_stops_an_approval() -> None:
    land = Land()
    books = Books(land)
    plans = plans_of(books)
    (one,) = searched(plans).proposed
    books.told = frozenset({(SheetId(land.driver), land.who)})
    with pytest.raises(PlannedOnChanged) as refused:
        plans.approve([one.row], MORNING)
    assert refused.value.sheets == (("party", land.who),)


def test_what_was_not_weighed_to_its_end_is_not_approved() -> None:
    plans = plans_of(Books(Land()))
    (one,) = searched(plans).proposed
    search = plans._search
    assert search is not None
    assert search.planner.now is not None
    assert search.planner.now.weighed
    search.planner.now = replace(search.planner.now, weighed=0)
    with pytest.raises(NotWeighed):
        plans.approve([one.row], MORNING)
