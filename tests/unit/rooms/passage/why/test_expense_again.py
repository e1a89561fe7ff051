# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who pays by a plan that was made again: who loses a place, and who is missed and weighs more."""

from __future__ import annotations

from dataclasses import replace

from safeconduct.kernel.sheets import SheetId
from safeconduct.rooms.passage.gathering.again import Again, gather_again
from safeconduct.rooms.passage.operations.aftermath import after
from safeconduct.rooms.passage.operations.circumstances import Itinerary, Lodging, LongPlan
from safeconduct.rooms.passage.operations.itinerary_rules import broken_long_rules
from safeconduct.rooms.passage.operations.rules import Broken
from safeconduct.rooms.passage.planner.mend import Mending, mend
from safeconduct.rooms.passage.planner.rest import what_is_left
from safeconduct.rooms.passage.why.expense import Expense
from safeconduct.rooms.passage.why.expense_again import at_expense_again
from tests.kit.invented_ways import settings
from tests.unit.edges.desk.test_plans_again import Night


def again_of(night: Night) -> Again:
    """What is planned on."""
    return gather_again(night.network(), settings())


def repaired(again: Again) -> Mending:
    """The repair alone."""
    return mend(again.circumstances, again.plan, work=0, watch=lambda _: True)


def weighed(again: Again, plan: LongPlan) -> list[Expense]:
    """Who goes at whose expense by a plan that keeps every rule."""
    there = after(again.circumstances, again.plan)
    assert not broken_long_rules(there, plan)
    rest = what_is_left(there, again.plan)
    hit = repaired(again).hit
    return list(at_expense_again(rest, (again.plan, plan), hit, go_on=lambda: True))


def moved(again: Again, row: int, house: SheetId, *, but: tuple[int, ...]) -> LongPlan:
    """The repair, but that one who has left sleeps in a house to the end, and some do not go."""
    houses = [one.id for one in again.gathered.houses]
    days, best = again.gathered.settings.days, repaired(again).best.plan
    some = []
    for one in best.journeys:
        if one.party == row:
            past = tuple(
                replace_leave(each, again.today)
                for each in again.plan.journeys[row].lodgings
                if each.first < again.today
            )
            bed = Lodging(houses.index(house), again.today, days)
            some.append(Itinerary(row, one.way, (*past, bed), None))
        elif one.party not in but:
            some.append(one)
    return replace(best, journeys=tuple(some))


def replace_leave(lodging: Lodging, day: int) -> Lodging:
    """A lodging that ends by a day."""
    return lodging._replace(leave=min(day, lodging.leave))


def test_who_loses_a_place_pays_however_little_they_weigh() -> None:
    night = Night()
    night.there(night.bed, risk="gravest")
    night.to_go(night.other, night.driver, risk="standard")
    night.write(night.bed, "house", state="burned")
    again = again_of(night)
    assert weighed(again, repaired(again).best.plan) == []
    assert weighed(again, moved(again, 0, night.other, but=(1,))) == [Expense(0, 1)]


def test_who_could_go_although_nobody_gave_way_pays_for_nobody() -> None:
    night = Night()
    night.there(night.bed, risk="gravest")
    night.to_go(night.other, night.driver, risk="standard")
    night.house(night.away, 1, host=night.other_host)
    night.write(night.bed, "house", state="burned")
    again = again_of(night)
    assert weighed(again, moved(again, 0, night.other, but=(1,))) == []


def test_a_bed_for_who_has_left_is_at_nobodys_expense_who_had_no_place() -> None:
    night = Night()
    night.there(night.bed, risk="standard")
    night.party(night.home, risk="gravest")
    night.write(night.bed, "house", state="burned")
    again = again_of(night)
    plan = repaired(again).best.plan
    assert [one.party for one in plan.journeys] == [0]
    assert weighed(again, plan) == []


def test_who_weighs_more_and_is_missed_pays_for_who_goes_otherwise_now() -> None:
    night = Night()
    night.to_go(night.bed, night.driver, risk="standard")
    night.to_go(night.other, night.driver, risk="gravest")
    for house in (night.bed, night.other):
        night.write(house, "house", state="burned")
    night.house(night.away, 1, host=night.other_host)
    again = again_of(night)
    best = repaired(again).best.plan
    assert [one.party for one in best.journeys] == [1]
    assert weighed(again, best) == []
    lighter = replace(best, journeys=(replace(best.journeys[0], party=0),))
    assert weighed(again, lighter) == [Expense(0, 1)]


def test_where_several_take_a_place_together_one_of_them_is_named() -> None:
    night = Night()
    large = night.house(night.away, 2, host=night.other_host)
    for _ in range(2):
        night.there(night.bed, risk="gravest")
    night.write(night.other, "house", state="resting")
    night.write(night.bed, "house", beds="2")
    journey = night.to_go(large, night.driver, size=2, risk="standard")
    night.write(night.bed, "house", state="burned")
    again = again_of(night)
    (row,) = (at for at, one in again.standing.items() if one.sheet.id == journey)
    one = moved(again, 0, large, but=(row,))
    assert weighed(again, one) == [Expense(0, row)]
    both = moved(again, 1, large, but=(row,)).journeys[1]
    together = replace(one, journeys=(one.journeys[0], both))
    assert [each.missed for each in weighed(again, together)] == [row]


def test_a_bed_is_given_to_one_alone_at_every_moment_of_a_search() -> None:
    night = Night()
    night.there(night.bed, risk="grave")
    night.to_go(night.other, night.driver, risk="gravest")
    night.write(night.bed, "house", state="burned")
    again = again_of(night)
    there = after(again.circumstances, again.plan)
    broken: list[Broken] = []

    def watch(now: Mending) -> bool:
        for one in (now.best, *now.others):
            broken.extend(broken_long_rules(there, one.plan))
        return True

    mend(again.circumstances, again.plan, work=30, watch=watch)
    assert broken == []
