# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a plan that was made again back to sheets: whose journey changes, and what is written.

Who has not left gets a new journey in place of the old one.  Of who has left the journey stays:
a stay ends earlier or is given back, another is held, and a move to another house is a ride that is
still to be driven, within a town too: no ride goes before two people say so.  What was ridden and
slept is never touched (spec/planning.md 9).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from safeconduct.kernel.sheets import TAKEN_OFF, SheetId
from safeconduct.rooms.passage.events import SheetWritten
from safeconduct.rooms.passage.gathering.proposed import (
    ended,
    held_until,
    new_journeys,
    new_sheet,
    proposals,
    rewritten,
    written,
)
from safeconduct.rooms.passage.gathering.routes import Hop
from safeconduct.rooms.passage.kinds import RIDE, STAY
from safeconduct.rooms.passage.operations.aftermath import after
from safeconduct.rooms.passage.operations.itineraries import end, lacks_bed, steps
from safeconduct.rooms.passage.operations.operation import Journey

if TYPE_CHECKING:
    from safeconduct.rooms.passage.fold import Network, Sheet
    from safeconduct.rooms.passage.gathering.again import Again
    from safeconduct.rooms.passage.gathering.legs import Stretch
    from safeconduct.rooms.passage.gathering.proposed import Proposed
    from safeconduct.rooms.passage.gathering.standing import Standing
    from safeconduct.rooms.passage.operations.circumstances import Itinerary, Lodging, LongPlan
    from safeconduct.rooms.passage.operations.itineraries import Step

_Reached = tuple[int, int, int, int]
"""From which town and on which day somebody comes to which house, and its first night."""


class Moved(NamedTuple):
    """A move to another house; within a town by no leg that the books know."""

    day: int
    hop: Hop | None


@dataclass(frozen=True, slots=True)
class Change:
    """One party whose journey is another one now; either may be none."""

    row: int
    party: Sheet
    standing: Standing | None
    old: Itinerary | None
    new: Itinerary | None
    proposed: Proposed | None
    """How who has not left goes now."""
    moves: tuple[Moved, ...]
    """Of who has left the moves that are new."""
    bare: int | None
    """The day from which on who has left has no bed."""
    off: tuple[Sheet, ...]
    """Of who has left the rides that are not driven any more."""

    @property
    def begun(self) -> bool:
        """Whether they have left."""
        return self.standing is not None and self.standing.begun

    @property
    def level(self) -> int:
        """Who was told of the journey that is no more."""
        return self.standing.level if self.standing else 0

    @property
    def still_ridden(self) -> tuple[Sheet, ...]:
        """Of who has left the rides that stand."""
        rides = self.standing.rides if self.begun and self.standing else ()
        return tuple(ride for ride in rides if ride not in self.off)


def changes(again: Again, plan: LongPlan) -> tuple[Change, ...]:
    """Return whose journey a plan changes, who has left first."""
    old = {one.party: one for one in again.plan.journeys}
    new = {one.party: one for one in plan.journeys}
    rows = [row for row in range(len(again.gathered.parties)) if old.get(row) != new.get(row)]
    found = [_change(again, row, old.get(row), new.get(row)) for row in rows]
    return tuple(sorted(found, key=lambda one: (not one.begun, one.row)))


def _change(again: Again, row: int, old: Itinerary | None, new: Itinerary | None) -> Change:
    standing = again.standing.get(row)
    begun, there = standing is not None and standing.begun, after(again.circumstances)
    proposed = None
    if new is not None and not begun:
        (lodging,) = new.lodgings
        journey = Journey(row, new.way, lodging.house, lodging.leave, new.country)
        (proposed,) = proposals(again.gathered, (journey,))
    bare = end(there, new) if begun and new is not None and lacks_bed(there, new) else None
    return Change(
        row=row,
        party=again.gathered.parties[row],
        standing=standing,
        old=old,
        new=new,
        proposed=proposed,
        moves=tuple(_moves(again, old, new)) if begun and new is not None else (),
        bare=bare,
        off=tuple(_not_ridden(again, standing, old, new)) if standing and begun and new else (),
    )


def _moves(again: Again, old: Itinerary | None, new: Itinerary) -> Iterator[Moved]:
    """Yield each move to another house that was not planned before."""
    known = _reached(again, old)
    for number, step in enumerate(_steps(again, new)):
        move = step.move
        if move is None or _at(step) in known:
            continue
        day = step.lodging.first - move.days
        if day < again.today:
            continue
        if move.town != move.to:
            yield Moved(day, _hop(again.moves[move.town, move.to, move.days], day))
        elif number or step.day < again.today:
            # To where the way ends, whoever is still on it comes by the way.
            yield Moved(day, None)


def _not_ridden(
    again: Again, standing: Standing, old: Itinerary | None, new: Itinerary
) -> Iterator[Sheet]:
    """Yield the rides to houses that are not come to so any more; none that may have begun.

    From leaving one house to coming to the next every ride is on the way there, wherever it ends.
    To where the way ends, whoever is still on it comes as before.
    """
    now = _reached(again, new)
    gone = [step for step in _steps(again, old)[1:] if _at(step) not in now]
    for ride in standing.rides:
        day = again.day(ride.text("day"))
        if day > again.today and any(one.day <= day <= one.lodging.first for one in gone):
            yield ride


def _reached(again: Again, one: Itinerary | None) -> set[_Reached]:
    """Return from where each lodging of a journey is reached, and when."""
    return {_at(step) for step in _steps(again, one)}


def _steps(again: Again, one: Itinerary | None) -> list[Step]:
    """Return how a party comes from lodging to lodging."""
    return [] if one is None else list(steps(after(again.circumstances), one))


def _at(step: Step) -> _Reached:
    return step.town, step.day, step.lodging.house, step.lodging.first


def _hop(leg: Stretch, day: int) -> Hop:
    """Return how a move goes on a day, by the first departure if there is one."""
    boards = sorted((one for one in leg.boards if day in one.days), key=lambda one: one.earliest)
    return Hop(leg, boards[0] if boards else None, day, boards[0].earliest if boards else -1)


def written_again(
    network: Network,
    again: Again,
    some: Sequence[Change],
    new: Callable[[], SheetId],
    why: str,
) -> tuple[SheetWritten, ...]:
    """Return what approving these changes writes; `why` is said of a ride that is taken off."""
    going = [one.proposed for one in some if one.proposed is not None]
    facts = list(written(network, again.gathered, going, new))
    for one in some:
        if one.begun and one.new is not None:
            facts += _of_begun(again, one, new, why)
        elif one.new is None and one.standing is not None:
            facts += ended(network, one.standing.sheet)
    return tuple(facts)


def journeys_written(
    facts: Iterable[SheetWritten], some: Iterable[Change]
) -> Iterator[tuple[SheetId, bytes]]:
    """Yield the journeys that these changes begin or lead on otherwise, each with its party."""
    yield from new_journeys(facts)
    for one in some:
        if one.begun and one.new is not None and one.standing is not None:
            yield one.standing.sheet.id, one.party.id


def _of_begun(
    again: Again, change: Change, new: Callable[[], SheetId], why: str
) -> Iterator[SheetWritten]:
    """Yield how the journey of who has left goes on."""
    standing, plan = change.standing, change.new
    assert standing is not None
    assert plan is not None
    gathered = again.gathered
    to_come = {(one.house, one.first): one for one in plan.lodgings}
    slept = zip(standing.stays, standing.lodgings, standing.houses, strict=True)
    for stay, lodging, house in slept:
        kept = to_come.pop((gathered.houses.index(house), lodging.first), None)
        if kept is None:
            yield rewritten(stay, state="released")
        elif kept.leave != lodging.leave:
            yield rewritten(stay, ends=_end(again, kept.leave))
    for ride in change.off:
        yield rewritten(ride, **{TAKEN_OFF: why})
    journey = standing.sheet.id.hex()
    for day, hop in change.moves:
        board = hop.board if hop else None
        yield new_sheet(
            *(new(), RIDE),
            journey=journey,
            day=again.date(day),
            at=hop.clock if hop and board else "",
            leg=hop.leg.sheet.id.hex() if hop else "",
            departure=board.sheet.id.hex() if board else "",
        )
    for lodging in (one for one in to_come.values() if one.first < one.leave):
        yield _held(again, journey, lodging, new)
    country = "" if plan.country is None else gathered.countries[plan.country].id.hex()
    leaves = "" if plan.country is None else again.date(plan.lodgings[-1].leave)
    if (standing.sheet.text("country"), standing.sheet.text("leaves")) != (country, leaves):
        yield rewritten(standing.sheet, country=country, leaves=leaves)


def _held(again: Again, journey: str, lodging: Lodging, new: Callable[[], SheetId]) -> SheetWritten:
    """Return the stay that holds a bed for a lodging."""
    gathered = again.gathered
    return new_sheet(
        *(new(), STAY),
        journey=journey,
        house=gathered.houses[lodging.house].id.hex(),
        begins=again.date(lodging.first),
        ends=_end(again, lodging.leave),
        state="held",
        until=held_until(gathered),
    )


def _end(again: Again, day: int) -> str:
    """Return when a stay ends; nothing where it lasts as long as is planned."""
    return again.date(day) if day < again.gathered.settings.days else ""


__all__ = ["Change", "changes", "journeys_written", "written_again"]
