# SPDX-License-Identifier: AGPL-3.0-or-later
"""Any network can be planned again: plans keep every rule, and are read back as they were written.

The checker (tests/kit/long_plan_checker.py) shares no line with the room.
"""

from __future__ import annotations

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as some

from safeconduct.kernel.sheets import SheetId
from safeconduct.rooms.passage.gathering.again import Again, gather_again
from safeconduct.rooms.passage.gathering.changed import changes, written_again
from safeconduct.rooms.passage.gathering.proposed import rewritten
from safeconduct.rooms.passage.operations.circumstances import Itinerary, LongPlan
from safeconduct.rooms.passage.operations.circumstances_file import write_circumstances
from safeconduct.rooms.passage.operations.long_plan_file import write_long_plan
from safeconduct.rooms.passage.planner.mend import Mending, mend
from tests.kit.invented_ways import Office, invent
from tests.kit.invented_ways import settings as chosen
from tests.kit.long_plan_checker import LongChecked

SEEDS = some.integers(0, 10_000)
LATER = "2026-12-03"


def mended(again: Again) -> Mending:
    """Plans of a little work."""
    return mend(again.circumstances, again.plan, work=20, watch=lambda _: True)


def approve(office: Office, again: Again, plan: LongPlan) -> None:
    """Write what a plan changes."""
    ids = count((1 << 64) * (1 + len(office.told)))
    some = changes(again, plan)
    network = again.gathered.network
    facts = written_again(network, again, some, lambda: SheetId(next(ids).to_bytes(16, "big")), "x")
    for fact in facts:
        office.say(fact)


def lived(seed: int) -> tuple[Office, Again]:
    """The first office from a seed on in which journeys are under way."""
    found = (_lived(at) for at in count(seed))
    return next(one for one in found if len(one[1].plan.journeys) > 1)


def _lived(seed: int) -> tuple[Office, Again]:
    """An office whose plan was approved, which some have begun, and then something happened."""
    office = invent(seed)
    again = gather_again(office.network(), chosen())
    if again.gathered.parties:
        approve(office, again, mended(again).best.plan)
    network = office.network()
    for number, journey in enumerate(network.of_kind("journey")):
        days = [one.text("day") for one in network.of_kind("ride")
                if one.text("journey") == journey.id.hex()]  # fmt: skip
        if journey.text("state") == "proposed":
            begun = bool(days) and min(days) < LATER
            state = "begun" if begun else ("told", "host_told", "bought")[number % 3]
            office.say(rewritten(journey, state=state))
    houses = network.of_kind("house")
    office.write(houses[seed % len(houses)].id, "house", state="burned")
    again = gather_again(office.network(), chosen(today=LATER))
    return office, again


def meant(again: Again, plan: LongPlan) -> dict[object, tuple[object, ...]]:
    """A plan in sheets and days of the calendar, by party."""
    return {again.gathered.parties[one.party].id: _meant(again, one) for one in plan.journeys}


def _meant(again: Again, one: Itinerary) -> tuple[object, ...]:
    gathered, standing = again.gathered, again.standing.get(one.party)
    hops = gathered.ways[one.way].timing.hops
    begun = standing is not None and standing.begun
    end = gathered.settings.days
    return (
        "begun" if begun else tuple((hop.leg.sheet.id, again.date(hop.day)) for hop in hops),
        tuple(
            (gathered.houses[house].id, again.date(first), again.date(leave) if leave < end else "")
            for house, first, leave in one.lodgings
        ),
        None if one.country is None else gathered.countries[one.country].id,
    )


def passing(again: Again, plan: LongPlan) -> set[bytes]:
    """Parties that go abroad on the day on which they arrive: no stay stands for that."""
    return {
        again.gathered.parties[one.party].id
        for one in plan.journeys
        if any(first == leave for _, first, leave in one.lodgings)
    }


@settings(max_examples=6, deadline=None)
@given(SEEDS)
def test_every_plan_to_choose_keeps_every_rule(seed: int) -> None:
    _, again = lived(seed)
    found = mended(again)
    data = write_circumstances(again.circumstances)
    for one in (found.best, *found.others):
        assert LongChecked(data, write_long_plan(one.plan)).broken == []


@settings(max_examples=6, deadline=None)
@given(SEEDS)
def test_what_is_approved_is_read_back_as_the_same_plan(seed: int) -> None:
    office, again = lived(seed)
    plan = mended(again).best.plan
    approve(office, again, plan)
    back = gather_again(office.network(), chosen(today=LATER))
    written, read = meant(again, plan), meant(back, back.plan)
    for party in passing(again, plan):
        del written[party]
        read.pop(party, None)
    assert read == written


@settings(max_examples=4, deadline=None)
@given(SEEDS)
def test_what_has_begun_is_never_touched(seed: int) -> None:
    office, again = lived(seed)
    before = {one.id: one for one in office.network().of_kind("ride")}
    begun = {one.sheet.id for one in again.standing.values() if one.begun}
    found = mended(again)
    approve(office, again, (found.best, *found.others)[-1].plan)
    network = office.network()
    for journey in network.of_kind("journey"):
        assert journey.id not in begun or journey.text("state") == "begun"
    after = {one.id: one for one in network.of_kind("ride")}
    for at, ride in before.items():
        if ride.text("day") <= LATER:
            assert after[at] == ride


@settings(max_examples=4, deadline=None)
@given(SEEDS)
def test_the_same_sheets_give_the_same_circumstances_in_any_order(seed: int) -> None:
    office, again = lived(seed)
    office.told.reverse()
    other = gather_again(office.network(), chosen(today=LATER))
    assert (other.circumstances, other.plan) == (again.circumstances, again.plan)
