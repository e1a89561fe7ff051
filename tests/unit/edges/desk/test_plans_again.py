# SPDX-License-Identifier: AGPL-3.0-or-later
"""Planning again knows whom slips told, and sends nobody at another's expense by itself."""

from __future__ import annotations

import time

import pytest

from safeconduct.edges.desk.plans_again import PlansAgain
from safeconduct.kernel.sheets import SheetId
from safeconduct.kernel.words import Instant
from safeconduct.rooms.passage import Network
from safeconduct.rooms.passage.gathering.proposed import PlannedOnChanged
from tests.kit.invented_ways import NOW, TODAY, Office
from tests.unit.edges.desk.test_journey_plans import Books, nothing

PATIENCE = 60.0
MORNING = f"{TODAY}T06:00"
TOMORROW = "2026-12-01"
WHY = "Planned again."


class Night(Office):
    """A road and two drivers, two houses at its end, and a party that waits for its relatives."""

    def __init__(self) -> None:
        """Write it down."""
        super().__init__()
        self.home, self.away = self.town("Ford"), self.town("Bridge")
        self.host, self.other_host = (
            self.add("household", name=name, state="ready", trust="high") for name in "MN"
        )
        self.bed = self.house(self.away, 1, host=self.host)
        self.other = self.house(self.away, 1, host=self.other_host)
        self.road = self.leg(self.home, self.away, 200)
        self.driver, self.other_driver = self.escort(seats=2), self.escort(seats=2)

    def there(self, house: SheetId, **party: object) -> SheetId:
        """A party that is in a house; returns its journey."""
        journey = self.add("journey", party=self.party(self.home, **party), state="begun")  # type: ignore[arg-type]
        self.add("stay", journey=journey, house=house, begins="2026-11-20", state="there")
        return journey

    def to_go(self, house: SheetId, driver: SheetId, **party: object) -> SheetId:
        """A party that was told that it goes tomorrow; returns its journey."""
        journey = self.add("journey", party=self.party(self.home, **party), state="told")  # type: ignore[arg-type]
        ride = {"journey": journey, "day": TOMORROW, "at": "08:00", "leg": self.road}
        self.add("ride", **ride, escort=driver)
        self.add("stay", journey=journey, house=house, begins=TOMORROW, state="held")
        return journey

    def relative_of(self, journey: SheetId) -> SheetId:
        """Somebody who knows the party of a journey, and goes nowhere."""
        sheet = self.network().sheet(journey, "journey")
        assert sheet is not None
        relative = self.party(self.home, state="paused")
        self.add("acquainted", party=sheet.text("party"), other=relative)
        return relative


def planner(books: Books) -> PlansAgain:
    """Planning again over books in memory."""
    return PlansAgain(books, lambda: Instant(NOW), nothing)


def searched(books: Books) -> PlansAgain:
    """Plan again, and stop at the first plan."""
    again, until = planner(books), time.monotonic() + PATIENCE
    again.begin(1, MORNING)
    while again.thinking and time.monotonic() < until:
        time.sleep(0.02)
    assert again.alternatives()
    return again


def approved(night: Night, told: frozenset[tuple[bytes, bytes]] = frozenset()) -> Network:
    """What stands after the best plan was approved."""
    books = Books(night)
    books.told = told
    searched(books).approve(0, MORNING, WHY)
    return books.network()


def named(network: Network, kind: str, name: str) -> set[str]:
    """What stands in a field of all sheets of a kind."""
    return {one.text(name) for one in network.of_kind(kind)}


@pytest.mark.attack
def test_whom_a_slip_told_is_sent_nobody_of_that_circle_by_planning_again() -> None:
    night = Night()
    journey = night.there(night.bed)
    relative = night.relative_of(journey)
    night.write(night.bed, "house", state="burned")
    assert night.other.hex() in named(approved(night), "stay", "house")
    night = Night()
    journey = night.there(night.bed)
    relative = night.relative_of(journey)
    night.write(night.bed, "house", state="burned")
    learnt = frozenset({(bytes(night.other_host), bytes(relative))})
    assert night.other.hex() not in named(approved(night, learnt), "stay", "house")
    night = Night()
    relative = night.relative_of(night.to_go(night.bed, night.driver))
    night.write(night.driver, "escort", state="arrested")
    learnt = frozenset({(bytes(night.other_driver), bytes(relative))})
    assert night.other_driver.hex() not in named(approved(night, learnt), "ride", "escort")


def test_a_slip_that_told_somebody_since_stops_an_approval() -> None:
    night = Night()
    night.there(night.bed)
    (party,) = night.network().of_kind("party")
    night.write(night.bed, "house", state="burned")
    books = Books(night)
    again = searched(books)
    books.told = frozenset({(bytes(night.other_host), bytes(party.id))})
    with pytest.raises(PlannedOnChanged) as refused:
        again.approve(0, MORNING, WHY)
    assert refused.value.sheets == (("party", party.id),)


def test_an_approval_comes_too_late_for_a_new_journey_that_leaves_today() -> None:
    night = Night()
    night.to_go(night.bed, night.driver)
    night.write(night.driver, "escort", state="arrested")
    night.write(night.other_driver, "escort", state="resting")
    night.train(night.home, night.away, "07:40", days="", day=TODAY)
    books = Books(night)
    again = searched(books)
    with pytest.raises(PlannedOnChanged) as refused:
        again.approve(0, f"{TODAY}T07:41", WHY)
    assert [kind for kind, _ in refused.value.sheets] == ["party"]
    again.approve(0, f"{TODAY}T07:40", WHY)
    assert len(books.network().of_kind("journey")) == 2
