# SPDX-License-Identifier: AGPL-3.0-or-later
"""Planning again knows whom slips told, and sends nobody at another's expense by itself."""

from __future__ import annotations

import time

import pytest
from msgspec.structs import replace

from safeconduct.edges.desk.planning_again_api import Mended, NothingChanges
from safeconduct.edges.desk.planning_api import ChoiceNeeded, NotWeighed
from safeconduct.edges.desk.plans_again import PlansAgain
from safeconduct.kernel.sheets import SheetId
from safeconduct.kernel.words import Instant
from safeconduct.rooms.passage import Network
from safeconduct.rooms.passage.between import choose, second
from safeconduct.rooms.passage.gathering.proposed import PlannedOnChanged
from tests.kit.invented_ways import BO, NOW, TODAY, Office
from tests.unit.edges.desk.test_journey_plans import Books, nothing

PATIENCE = 180.0
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


class Hit(Night):
    """One sleeps where it burned, another's escort was arrested; each has a relative."""

    def __init__(self) -> None:
        """Write it down."""
        super().__init__()
        bed = self.house(self.away, 1)
        first, second = self.there(self.bed), self.to_go(bed, self.driver)
        relatives = [bytes(self.relative_of(one)) for one in (first, second)]
        knowers = bytes(self.other_host), bytes(self.other_driver)
        self.slips = frozenset(zip(knowers, relatives, strict=True))
        """The free host was told of one's relative, and the free escort of the other's."""
        self.write(self.bed, "house", state="burned")
        self.write(self.driver, "escort", state="arrested")

    def sent(self, network: Network) -> tuple[bool, bool]:
        """Whether the free host, and the free escort, get somebody."""
        hosts, escorts = named(network, "stay", "house"), named(network, "ride", "escort")
        return self.other.hex() in hosts, self.other_driver.hex() in escorts


@pytest.mark.attack
def test_whom_a_slip_told_is_sent_nobody_of_that_circle_by_planning_again() -> None:
    night = Hit()
    assert night.sent(approved(night, night.slips)) == (False, False)


def test_whom_no_slip_told_is_sent_somebody_by_planning_again() -> None:
    night = Hit()
    assert night.sent(approved(night)) == (True, True)


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


class Crowded(Night):
    """Who is in gravest danger sleeps where it burned; the last bed is promised to another."""

    def __init__(self) -> None:
        """Write it down."""
        super().__init__()
        self.begun = self.there(self.bed, risk="gravest")
        self.told_journey = self.to_go(self.other, self.driver, risk="standard")
        self.first, self.behind = (one.id for one in self.network().of_kind("party"))
        self.write(self.bed, "house", state="burned")


def paying(again: PlansAgain) -> int:
    """The number of the plan by which somebody pays for another."""
    (number,) = (one.number for one in again.alternatives() if one.option.expenses)
    return number


@pytest.mark.attack
def test_nobody_loses_their_place_by_planning_again_unless_two_people_say_so() -> None:
    night = Crowded()
    books = Books(night)
    again = searched(books)
    number, before = paying(again), len(night.told)
    with pytest.raises(ChoiceNeeded) as refused:
        again.approve(number, MORNING, WHY)
    assert refused.value.pairs == ((night.first, night.behind),)
    choice = night.say(choose(books.network(), night.first, [night.behind], "last_way"))
    with pytest.raises(ChoiceNeeded):
        again.approve(number, MORNING, WHY)
    assert len(night.told) == before + 1
    night.say(second(books.network(), choice, BO, books.are_apart), BO)
    again.approve(number, MORNING, WHY)
    behind = books.network().sheet(night.told_journey, "journey")
    assert behind is not None
    assert behind.text("state") == "called_off"
    assert books.network().followed == {night.begun: {choice}}


def test_a_repair_that_takes_from_nobody_needs_no_choice() -> None:
    night = Crowded()
    books = Books(night)
    again = searched(books)
    number = next(one.number for one in again.alternatives() if not one.option.expenses)
    again.approve(number, MORNING, WHY)
    kept = books.network().sheet(night.told_journey, "journey")
    assert kept is not None
    assert kept.text("state") == "told"


def test_whom_two_people_put_before_another_keeps_their_place() -> None:
    night = Crowded()
    books = Books(night)
    choice = night.say(choose(books.network(), night.behind, [night.first], "more"))
    night.say(second(books.network(), choice, BO, books.are_apart), BO)
    searched(books).approve(0, MORNING, WHY)
    kept = books.network().sheet(night.told_journey, "journey")
    assert kept is not None
    assert kept.text("state") == "told"


def test_no_journey_follows_a_choice_against_who_left_late_or_is_abroad() -> None:
    night = Night()
    begun = night.there(night.bed, risk="gravest")
    safe = night.there(night.house(night.away, 1), deadline="2026-11-19")
    abroad = night.there(night.house(night.away, 1), deadline="2026-11-19")
    first, late, gone = (one.id for one in night.network().of_kind("party"))
    leaves = {"country": night.country(), "leaves": "2026-11-29"}
    night.write(abroad, "journey", **leaves)
    night.write(night.bed, "house", state="burned")
    books = Books(night)
    choice = night.say(choose(books.network(), first, [late, gone], "last_way"))
    night.say(second(books.network(), choice, BO, books.are_apart), BO)
    again = searched(books)
    standing = again.looked_over(MORNING).standing.values()
    assert {one.sheet.id for one in standing} == {begun, safe, abroad}
    again.approve(0, MORNING, WHY)
    assert night.other.hex() in named(books.network(), "stay", "house")
    assert books.network().followed == {}


def test_what_was_not_weighed_to_its_end_is_not_approved() -> None:
    again = searched(Books(Crowded()))
    search = again._search
    assert search is not None
    assert search.mender.now is not None
    options = tuple(replace(one, weighed=0) for one in search.mender.now.options)
    search.mender.now = replace(search.mender.now, options=options)
    with pytest.raises(NotWeighed):
        again.approve(0, MORNING, WHY)


def test_the_repair_is_weighed_first_and_told_before_the_others_are() -> None:
    seen: list[Mended] = []

    def hear() -> None:
        found = again.found()
        seen.extend([found] if found is not None else [])

    again, until = PlansAgain(Books(Crowded()), lambda: Instant(NOW), hear), time.monotonic()
    again.begin(1, MORNING)
    while again.thinking and time.monotonic() < until + PATIENCE:
        time.sleep(0.02)
    first = next(one for one in seen if any(each.weighed for each in one.options))
    assert not first.ended
    assert len(first.options) > 1
    assert [one.expenses for one in first.options if one.weighed] == [()]
    assert seen[-1].ended
    assert all(one.weighed for one in seen[-1].options)


def test_what_is_weighed_is_approved_while_the_others_are_being_weighed() -> None:
    night = Crowded()
    again = searched(Books(night))
    search, repair = again._search, 1 - paying(again)
    assert search is not None
    assert search.mender.now is not None
    options = tuple(
        replace(one, weighed=int(at == repair)) for at, one in enumerate(search.mender.now.options)
    )
    search.mender.now = replace(search.mender.now, options=options, ended=0)
    search.mender.running = True
    with pytest.raises(NothingChanges):
        again.approve(1 - repair, MORNING, WHY)
    again.approve(repair, MORNING, WHY)
    assert again.on() is None
