# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one press of Burned writes: what closes, which slips freeze, and that it was pressed.

All of it is one commit.  A rehearsal writes that it was made, and nothing else (spec/burned.md 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.believed import burned, choice
from safeconduct.rooms.passage.burn_facts import BurnFact, BurnSaid
from safeconduct.rooms.passage.burned.knower import Kind
from safeconduct.rooms.passage.errand.slips import freeze
from safeconduct.rooms.passage.events import SheetWritten
from safeconduct.rooms.passage.gathering.proposed import new_sheet, with_state
from safeconduct.rooms.passage.kinds import ESCORT, HOUSE, HOUSE_CLOSED, HOUSEHOLD, VEHICLE, book_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from safeconduct.kernel.sheets import SheetId
    from safeconduct.kernel.words import Instant
    from safeconduct.rooms.passage.burned.knower import Knower
    from safeconduct.rooms.passage.errand.slips import MadeSlip
    from safeconduct.rooms.passage.fold import Network, Sheet
    from safeconduct.rooms.passage.slip_facts import SlipFact

_STATES: Final = {
    Kind.HOUSEHOLD: (HOUSEHOLD, "arrested"),
    Kind.ESCORT: (ESCORT, "arrested"),
    Kind.VEHICLE: (VEHICLE, "known"),
}


@dataclass(frozen=True, slots=True)
class Burning:
    """What a press would do."""

    houses: tuple[Sheet, ...]
    """Houses that are closed as burned."""
    state: Sheet | None
    """The sheet that says from then on that somebody was arrested, or a vehicle is known."""
    slips: tuple[MadeSlip, ...]
    """Slips that are frozen."""

    def facts(
        self, knower: Knower, day: str, why: str, new: Callable[[], SheetId], now: Instant
    ) -> list[SheetWritten | SlipFact | BurnFact]:
        """Return what is written; `why` says what happened on the event that closes a house."""
        found: list[SheetWritten | SlipFact | BurnFact] = [said(knower, day, rehearsal=False)]
        for house in self.houses:
            of = {"closes": house.id.hex(), "begins": day, "why": why, "how": "burned"}
            found.append(new_sheet(new(), HOUSE_CLOSED, **of))
        if self.state is not None:
            found.append(with_state(self.state, _STATES[knower.kind][1]))
        return [*found, *(freeze(one, now) for one in self.slips)]


def burning(
    network: Network, knower: Knower, slips: Iterable[MadeSlip], day: str, now: Instant
) -> Burning:
    """Return what a press would do; what is so already is not done again."""
    houses: tuple[Sheet, ...] = ()
    if knower.kind in {Kind.HOUSE, Kind.HOUSEHOLD}:
        houses = tuple(
            one
            for one in network.of_kind(HOUSE)
            if one.id.hex() in knower.of(HOUSE) and not burned(network, one, day)
        )
    state, sheet = _STATES.get(knower.kind), knower.sheet
    held = sheet is not None and book_of(sheet.kind) in network.books and not sheet.taken_off
    changes = (
        state is not None and held and sheet is not None and (choice(sheet, "state") != state[1])
    )
    return Burning(houses, sheet if changes else None, tuple(_open(knower, slips, now)))


def said(knower: Knower, day: str, *, rehearsal: bool) -> BurnSaid:
    """Return that Burned was pressed on a knower."""
    return BurnSaid(knower.id, knower.kind.value, day, int(rehearsal))


def _open(knower: Knower, slips: Iterable[MadeSlip], now: Instant) -> Iterable[MadeSlip]:
    """Yield the slips of everybody who is burned, and those that a burned colleague made."""
    for one in slips:
        own = (one.said.kind, one.said.knower.hex()) in knower.group
        if (own or one.by in knower.devices) and one.frozen is None and now < one.said.until:
            yield one


__all__ = ["Burning", "burning", "said"]
