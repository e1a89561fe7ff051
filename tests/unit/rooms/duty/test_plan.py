# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking, leaving and swapping shifts; what is refused, and what two desks do at once."""

from dataclasses import replace

import pytest

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import COUNTER_BITS, DAY, HOUR, DeviceId, FactId, Instant, fact_id
from safeconduct.rooms.duty import (
    DutyFact,
    Own,
    Plan,
    Told,
    Wanted,
    accept,
    drop,
    fold,
    leave,
    offer,
    set_hours,
    take,
)
from safeconduct.rooms.duty.decide import (
    NobodyToSwapWith,
    NoSuchOffer,
    NotYourShift,
    ShiftLength,
    ShiftPassed,
    ShiftTooFar,
    ShiftTwice,
)
from safeconduct.rooms.duty.events import HoursSet, ShiftTaken

NOW = Instant(1_795_143_240_000)
MIRA, TIMUR, SANA = (DeviceId(letter * 16) for letter in (b"m", b"t", b"s"))
ALL = {MIRA, TIMUR, SANA}


class Story:
    """Facts of several desks that hear of each other at once."""

    def __init__(self) -> None:
        """Begin with none."""
        self.told: list[Told] = []

    @property
    def plan(self) -> Plan:
        """What they give."""
        return fold(self.told)

    def tell(self, device: DeviceId, event: DutyFact, at: int = 0) -> FactId:
        """Write one."""
        fact = fact_id(bytes([len(self.told)]) * 32, 0)
        hlc = ((NOW + at) << COUNTER_BITS) + len(self.told)
        self.told.append(Told(fact, device, hlc, event))
        return fact

    def take(self, device: DeviceId, begins: int, hours: int = 8) -> FactId:
        """Take a shift that begins so many hours from now."""
        start = Instant(NOW + begins * HOUR)
        stretch = start, Instant(start + hours * HOUR)
        return self.tell(device, take(self.plan, Own(device, NOW), stretch, backup=False))

    def offer(
        self, device: DeviceId, mine: FactId, to: DeviceId, theirs: FactId | None = None
    ) -> FactId:
        """Offer one."""
        fact = offer(self.plan, Own(device, NOW), mine, Wanted(to, theirs), ALL)
        return self.tell(device, fact)

    def holders(self) -> list[DeviceId]:
        """Who has the shifts, in their order."""
        return [one.holder for one in self.plan.shifts]


@pytest.fixture
def story() -> Story:
    """Nothing was said yet."""
    return Story()


@pytest.mark.parametrize(
    ("begins", "hours", "error"),
    [(1, 0, ShiftLength), (1, 25, ShiftLength), (-9, 8, ShiftPassed), (61 * 24, 8, ShiftTooFar)],
)
def test_shift_that_cannot_be_is_refused(
    story: Story, begins: int, hours: int, error: type[Refused]
) -> None:
    with pytest.raises(error):
        story.take(MIRA, begins, hours)


def test_nobody_has_two_shifts_at_once_and_two_people_may(story: Story) -> None:
    story.take(MIRA, 1)
    with pytest.raises(ShiftTwice):
        story.take(MIRA, 8)
    story.take(MIRA, 9)
    story.take(TIMUR, 1)
    assert sorted(story.holders()) == [MIRA, MIRA, TIMUR]


def test_only_who_has_a_shift_gives_it_up(story: Story) -> None:
    mine = story.take(MIRA, 1)
    with pytest.raises(NotYourShift):
        leave(story.plan, Own(TIMUR, NOW), mine)
    story.tell(TIMUR, leave(story.plan, Own(MIRA, NOW), mine))
    assert story.holders() == [MIRA]
    story.tell(MIRA, leave(story.plan, Own(MIRA, NOW), mine))
    assert story.holders() == []


def test_swap_takes_two_people_and_until_then_nothing_changes(story: Story) -> None:
    mine, theirs = story.take(MIRA, 1), story.take(TIMUR, 20)
    offered = story.offer(MIRA, mine, TIMUR, theirs)
    assert story.holders() == [MIRA, TIMUR]
    with pytest.raises(NoSuchOffer):
        accept(story.plan, Own(MIRA, NOW), offered)
    story.tell(SANA, accept(story.plan, Own(TIMUR, NOW), offered))
    assert story.holders() == [MIRA, TIMUR]
    story.tell(TIMUR, accept(story.plan, Own(TIMUR, NOW), offered))
    assert story.holders() == [TIMUR, MIRA]
    assert story.plan.offers == ()


def test_shift_that_was_swapped_can_be_offered_on(story: Story) -> None:
    mine, theirs = story.take(MIRA, 1), story.take(TIMUR, 20)
    story.offer(MIRA, mine, TIMUR, theirs)
    story.tell(TIMUR, accept(story.plan, Own(TIMUR, NOW), story.told[-1].fact))
    first, second = story.plan.shifts
    assert {first.holding, second.holding}.isdisjoint({mine, theirs})
    onward = story.offer(MIRA, second.holding, SANA)
    story.tell(SANA, accept(story.plan, Own(SANA, NOW), onward))
    assert story.holders() == [TIMUR, SANA]


def test_offer_is_dropped_by_either_side_and_by_nobody_else(story: Story) -> None:
    mine = story.take(MIRA, 1)
    for who in (MIRA, TIMUR):
        offered = story.offer(MIRA, mine, TIMUR)
        with pytest.raises(NoSuchOffer):
            drop(story.plan, Own(SANA, NOW), offered)
        story.tell(who, drop(story.plan, Own(who, NOW), offered))
        assert story.plan.offers == ()
        with pytest.raises(NoSuchOffer):
            accept(story.plan, Own(TIMUR, NOW), offered)


def test_two_who_take_the_same_offered_shift_at_once_are_one(story: Story) -> None:
    mine = story.take(MIRA, 1)
    to_timur, to_sana = story.offer(MIRA, mine, TIMUR), story.offer(MIRA, mine, SANA)
    before = story.plan
    story.tell(TIMUR, accept(before, Own(TIMUR, NOW), to_timur))
    story.tell(SANA, accept(before, Own(SANA, NOW), to_sana))
    assert story.holders() == [TIMUR]
    assert story.plan.offers == ()


def test_shift_that_is_given_up_while_a_colleague_takes_it_is_the_colleagues(story: Story) -> None:
    mine = story.take(MIRA, 1)
    offered = story.offer(MIRA, mine, TIMUR)
    before = story.plan
    story.tell(MIRA, leave(before, Own(MIRA, NOW), mine))
    story.tell(TIMUR, accept(before, Own(TIMUR, NOW), offered))
    assert story.holders() == [TIMUR]


def test_offer_that_nobody_can_take_is_refused(story: Story) -> None:
    mine, theirs = story.take(MIRA, 1), story.take(TIMUR, 1)
    own = Own(MIRA, NOW)
    for wanted in (Wanted(MIRA, None), Wanted(DeviceId(b"x" * 16), None), Wanted(SANA, theirs)):
        with pytest.raises(NobodyToSwapWith):
            offer(story.plan, own, mine, wanted, ALL)
    with pytest.raises(NotYourShift):
        offer(story.plan, own, theirs, Wanted(SANA, None), ALL)
    offered = story.offer(MIRA, mine, TIMUR)
    with pytest.raises(ShiftTwice):
        accept(story.plan, Own(TIMUR, NOW), offered)
    with pytest.raises(ShiftPassed):
        accept(story.plan, Own(TIMUR, Instant(NOW + DAY)), offered)


def test_what_a_wrong_clock_or_a_changed_desk_puts_into_the_plan_counts_for_nothing(
    story: Story,
) -> None:
    story.tell(MIRA, ShiftTaken(NOW, NOW, 0))
    story.tell(MIRA, ShiftTaken(NOW, NOW + DAY + 1, 0))
    story.tell(MIRA, ShiftTaken(NOW + 90 * DAY, NOW + 90 * DAY + HOUR, 0))
    assert story.plan.shifts == ()


def test_two_hours_that_were_set_at_once_are_round_the_clock_until_one_is_set_again(
    story: Story,
) -> None:
    empty = story.plan
    story.tell(SANA, set_hours(empty, "Europe/Berlin", 480, 1200))
    assert (story.plan.hours.begins, story.plan.hours.ends) == (480, 1200)
    story.tell(MIRA, set_hours(empty, "Asia/Tbilisi", 0, 600))
    hours = story.plan.hours
    assert (hours.begins, hours.ends, hours.disputed) == (0, 0, True)
    again = set_hours(story.plan, "Asia/Tbilisi", 0, 600)
    story.tell(SANA, again)
    assert (story.plan.hours.zone, story.plan.hours.disputed) == ("Asia/Tbilisi", False)
    assert again.replaces == hours.stood


def test_hours_that_say_the_same_twice_are_no_dispute(story: Story) -> None:
    for who in (SANA, MIRA):
        story.tell(who, HoursSet("UTC", 480, 1200, ()))
    assert replace(story.plan.hours, stood=()).disputed is False
    assert story.plan.hours.begins == 480
