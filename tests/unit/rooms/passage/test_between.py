# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which choices between parties a journey follows, and which it only says it does."""

from __future__ import annotations

from safeconduct.kernel.sheets import SheetId
from safeconduct.kernel.words import DeviceId, FactId
from safeconduct.rooms.passage.between import (
    choices_of,
    choose,
    following,
    journeys_of,
    second,
)
from safeconduct.rooms.passage.events import ChoiceFollowed
from tests.kit.invented_ways import ADA, BO, Office

JOURNEY = SheetId(b"j" * 16)


def apart(one: DeviceId, other: DeviceId) -> bool:
    """Each device is somebody."""
    return one != other


class Chosen(Office):
    """Two parties of whom two people put one before the other."""

    def __init__(self) -> None:
        """Write it down."""
        super().__init__()
        home = self.town("Ford")
        self.first, self.behind = self.party(home), self.party(home)
        self.choice = self.say(choose(self.network(), self.first, [self.behind], "wish"))
        self.say(second(self.network(), self.choice, BO, apart), BO)

    def follows(self, party: SheetId, *missed: SheetId) -> list[ChoiceFollowed]:
        """What a journey of a party follows, where some are missed."""
        return list(following(self.network(), apart, [(JOURNEY, party)], missed))


def test_a_journey_follows_what_puts_its_party_before_one_that_is_missed() -> None:
    office = Chosen()
    (said,) = office.follows(office.first, office.behind)
    assert said == ChoiceFollowed(JOURNEY, "journey", (office.choice,))
    assert office.follows(office.first) == []
    assert office.follows(office.behind, office.first) == []


def test_what_contradicts_or_is_over_is_followed_by_nobody() -> None:
    office = Chosen()
    other = office.say(choose(office.network(), office.behind, [office.first], "more"))
    office.say(second(office.network(), other, BO, apart), BO)
    assert office.follows(office.first, office.behind) == []
    office = Chosen()
    office.write(office.behind, "party", risk="gravest")
    assert office.follows(office.first, office.behind) == []


def test_a_choice_of_other_parties_is_shown_with_no_journey() -> None:
    office = Chosen()
    mine = office.add("journey", party=office.first, state="told")
    theirs = office.add("journey", party=office.behind, state="told")
    for journey in (mine, theirs):
        office.say(ChoiceFollowed(journey, "journey", (office.choice, FactId(b"x" * 36))), ADA)
    network = office.network()
    sheets = {one.id: one for one in network.of_kind("journey")}
    assert [one.fact for one in choices_of(network, sheets[mine])] == [office.choice]
    assert choices_of(network, sheets[theirs]) == []
    (choice,) = network.choices
    assert journeys_of(network, choice) == [sheets[mine]]


def test_a_choice_is_followed_by_journeys_alone() -> None:
    office = Chosen()
    office.say(ChoiceFollowed(office.first, "party", (office.choice,)), ADA)
    assert office.network().followed == {}
