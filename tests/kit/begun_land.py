# SPDX-License-Identifier: AGPL-3.0-or-later
"""An invented land in which journeys stand, and what is written when they are planned again."""

from __future__ import annotations

from itertools import count

from safeconduct.kernel.sheets import SheetId
from safeconduct.rooms.passage.events import SheetWritten
from safeconduct.rooms.passage.gathering.again import Again, gather_again
from safeconduct.rooms.passage.gathering.changed import changes, written_again
from safeconduct.rooms.passage.operations.circumstances import LongPlan
from safeconduct.rooms.passage.planner.mend import Mending, mend
from tests.kit.invented_ways import Office, settings

DAY = "2026-12-02"


class Land(Office):
    """Two towns, a road, a driver, two houses in one town, and a country to go on to."""

    def __init__(self) -> None:
        """Write it down."""
        super().__init__()
        self.home, self.away = self.town("Ford"), self.town("Bridge")
        self.bed, self.other = self.house(self.away, 2), self.house(self.away, 2)
        self.road = self.leg(self.home, self.away, 200)
        self.driver = self.escort(seats=4)
        self.abroad = self.country()

    def to_go(self, state: str = "told", **party: object) -> SheetId:
        """A party that is to go on a day, to a house and on to the country."""
        who = self.party(self.home, **party)  # type: ignore[arg-type]
        to = {"country": self.abroad, "leaves": "2026-12-09"}
        journey = self.add("journey", party=who, state=state, **to)
        ride = {"journey": journey, "day": DAY, "at": "08:00", "leg": self.road}
        self.add("ride", **ride, escort=self.driver)
        stay = {"journey": journey, "house": self.bed, "begins": DAY, "ends": "2026-12-09"}
        self.add("stay", **stay, state="held")
        return journey

    def there(self, since: str = "2026-11-20") -> SheetId:
        """A party that is in the first house."""
        journey = self.add("journey", party=self.party(self.home), state="begun")
        ride = {"journey": journey, "day": since, "leg": self.road, "escort": self.driver}
        self.add("ride", **ride)
        self.add("stay", journey=journey, house=self.bed, begins=since, state="there")
        return journey

    def again(self) -> Again:
        """The circumstances that it gives."""
        return gather_again(self.network(), settings())


def mended(again: Again) -> Mending:
    """The repair and a little more."""
    return mend(again.circumstances, again.plan, work=5, watch=lambda _: True)


def codes(again: Again) -> set[tuple[bytes, str]]:
    """What happened to which journey."""
    return {(one.journey.id, one.code) for one in again.blows}


def facts(again: Again, plan: LongPlan) -> list[SheetWritten]:
    """What approving a plan writes."""
    ids, network = count(9_000), again.gathered.network

    def new() -> SheetId:
        return SheetId(next(ids).to_bytes(16, "big"))

    return list(written_again(network, again, changes(again, plan), new, "Planned again."))
