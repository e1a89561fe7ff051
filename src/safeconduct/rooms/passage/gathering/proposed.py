# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a plan's rows back to sheets: what is proposed to each party, and what approving it writes.

A journey is written whole, its rides and its stay with it, and takes the place of one that was
proposed before.  Whoever approves approves what was planned on: where a sheet that bears on it has
changed since, nothing is written and the sheet is named (spec/planning.md 6).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.sheets import Form, SheetId
from safeconduct.rooms.passage.believed import choice, said
from safeconduct.rooms.passage.events import SheetWritten
from safeconduct.rooms.passage.gathering.gather_parties import PAST
from safeconduct.rooms.passage.gathering.horizon import Horizon
from safeconduct.rooms.passage.gathering.routes import DAY
from safeconduct.rooms.passage.kinds import JOURNEY, PARTY, POINT, RIDE, STAY, field_named
from safeconduct.rooms.passage.operations.score import is_late

if TYPE_CHECKING:
    from safeconduct.kernel.words import FactId
    from safeconduct.rooms.passage.fold import Network, Sheet
    from safeconduct.rooms.passage.gathering.gather import Gathered
    from safeconduct.rooms.passage.gathering.routes import Hop, Knower
    from safeconduct.rooms.passage.operations.operation import Journey, Plan

HELD_DAYS: Final = 3
"""A bed is held for so long; then it is free again unless the host has agreed."""
_BESIDE: Final = frozenset({Form.TEXT, Form.LINE})
_SheetAt = tuple[str, bytes]
_Learnt = tuple[bytes, bytes]
Basis = Mapping[_SheetAt, frozenset["FactId"]]
"""What stood on each sheet, in the fields that bear on a plan."""


@dataclass(eq=False)
class PlannedOnChanged(Refused):
    """These sheets say something else than when it was planned, or another day has begun."""

    code: ClassVar[str] = "planned_on_changed"
    sheets: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Proposed:
    """How one party would go; days are dates."""

    row: int
    party: Sheet
    hops: tuple[Hop, ...]
    dates: tuple[str, ...]
    """The day of each hop."""
    knower: Knower | None
    house: Sheet
    country: Sheet | None
    out: str
    arrive: str
    leave: str
    """The day of leaving the house; nothing where they still sleep there at the horizon."""
    late: bool


def proposals(gathered: Gathered, plan: Plan) -> tuple[Proposed, ...]:
    """Return what a plan proposes, by the day of leaving."""
    found = (_proposed(gathered, one) for one in plan)
    return tuple(sorted(found, key=lambda one: (one.out, one.row)))


def _proposed(gathered: Gathered, journey: Journey) -> Proposed:
    way, horizon = gathered.ways[journey.way], _horizon(gathered)
    country = None if journey.country is None else gathered.countries[journey.country]
    party = gathered.parties[journey.party]
    past = {one.sheet.id for one in gathered.remarks if one.code == PAST}
    return Proposed(
        row=journey.party,
        party=party,
        hops=way.timing.hops,
        dates=tuple(horizon.date(hop.day) for hop in way.timing.hops),
        knower=way.knower,
        house=gathered.houses[journey.house],
        country=country,
        out=horizon.date(way.timing.out),
        arrive=horizon.date(way.timing.arrive),
        leave=horizon.date(journey.leave) if country is not None else "",
        late=is_late(gathered.operation, journey) or party.id in past,
    )


def written(
    network: Network,
    gathered: Gathered,
    some: Sequence[Proposed],
    new: Callable[[], SheetId],
    left: Sequence[int] = (),
) -> tuple[SheetWritten, ...]:
    """Return what approving these writes: new sheets, and the end of what they take the place of.

    `new` gives the id of a new sheet; `left` are rows of parties that the plan does not move: what
    was only proposed to them before ends too, since its places are given to others.
    """
    until = held_until(gathered)
    facts: list[SheetWritten] = []
    for row in left:
        for old in gathered.replaces.get(gathered.parties[row].id, ()):
            if choice(old, "state") == "proposed":
                facts += ended(network, old)
    for one in some:
        for old in gathered.replaces.get(one.party.id, ()):
            facts += ended(network, old)
        facts += _begun(network, gathered, one, (until, new))
    return tuple(facts)


def _begun(
    network: Network, gathered: Gathered, one: Proposed, to: tuple[str, Callable[[], SheetId]]
) -> Iterator[SheetWritten]:
    """Yield a journey, its rides and its stay; `to` is how long its bed is held, and new ids."""
    until, new = to
    journey, horizon = new(), _horizon(gathered)
    country = one.country.id.hex() if one.country else ""
    yield new_sheet(
        *(journey, JOURNEY),
        party=one.party.id.hex(),
        state="proposed",
        country=country,
        leaves=one.leave,
    )
    for hop in one.hops:
        start = hop.leg.sheet.text("from")
        point = network.named(start, POINT)
        car = one.knower.car if one.knower and hop.leg.car else None
        yield new_sheet(
            *(new(), RIDE),
            journey=journey.hex(),
            day=horizon.date(hop.day),
            at=hop.clock,
            leg=hop.leg.sheet.id.hex(),
            departure=hop.board.sheet.id.hex() if hop.board else "",
            meets=start if point is not None else "",
            escort=one.knower.sheet.id.hex() if one.knower else "",
            vehicle=car.id.hex() if car else "",
        )
    if one.arrive != one.leave:
        yield new_sheet(
            *(new(), STAY),
            journey=journey.hex(),
            house=one.house.id.hex(),
            begins=one.arrive,
            ends=one.leave,
            state="held",
            until=until,
        )


def new_journeys(facts: Iterable[SheetWritten]) -> Iterator[tuple[SheetId, bytes]]:
    """Yield the journeys that are begun by some facts, each with its party."""
    for one in facts:
        values = dict(one.values)
        if one.kind == JOURNEY and "party" in values:
            yield SheetId(one.sheet), bytes.fromhex(values["party"])


def ended(network: Network, journey: Sheet) -> Iterator[SheetWritten]:
    """Call a journey off, and give back its beds."""
    yield rewritten(journey, state="called_off")
    for stay in network.of_kind(STAY):
        if journey.id.hex() in said(stay, "journey"):
            yield rewritten(stay, state="released")


def rewritten(sheet: Sheet, **values: str) -> SheetWritten:
    """Return that a sheet says this now, over all that stands there."""
    over = {one.fact for name in values for each in sheet.entered(name) for one in each.standing}
    return SheetWritten(sheet.id, sheet.kind, tuple(values.items()), tuple(sorted(over)))


def with_state(sheet: Sheet, value: str) -> SheetWritten:
    """Return that a sheet's state is another, over all that stands there."""
    return rewritten(sheet, state=value)


def new_sheet(sheet: SheetId, kind: str, /, **said_of_it: str) -> SheetWritten:
    """Return a sheet as it is begun; what is empty is left out."""
    values = tuple((name, text) for name, text in said_of_it.items() if text)
    return SheetWritten(sheet, kind, values, ())


def held_until(gathered: Gathered) -> str:
    """Return until when a bed is held that is asked for today, which may not be day 0."""
    return _horizon(gathered).date(gathered.settings.minute // DAY + HELD_DAYS)


def _horizon(gathered: Gathered) -> Horizon:
    return Horizon(gathered.settings.today, gathered.settings.days)


# --- what it was planned on


def basis(network: Network) -> Basis:
    """Return what stands on all sheets, but for words that no plan depends on."""
    return {(one.kind, one.id): _bears(one) for one in network.sheets}


def need_unchanged(before: Basis, network: Network, *, then: str, today: str) -> None:
    """Hold the network to what was planned on, and `today` to the day on which it was planned.

    Raises:
        PlannedOnChanged: with the sheets that say something else.
    """
    now = basis(network)
    every = dict.fromkeys((*before, *now))
    changed = tuple(at for at in every if before.get(at) != now.get(at))
    if changed or then != today:
        raise PlannedOnChanged(changed)


def need_learnt(before: Collection[_Learnt], now: Collection[_Learnt]) -> None:
    """Hold who was told of which party by slips to what was planned on.

    Raises:
        PlannedOnChanged: with the parties of whom somebody was told since.
    """
    told = sorted({party for who, party in now if (who, party) not in before})
    if told:
        raise PlannedOnChanged(tuple((PARTY, party) for party in told))


def need_in_time(some: Sequence[Proposed], local: str) -> None:
    """Hold what is approved to the clock of the place, `2026-11-30T21:40`: nobody leaves earlier.

    Raises:
        PlannedOnChanged: with the parties whose first leg has left by now.
    """
    left = [one for one in some if f"{one.dates[0]}T{one.hops[0].clock}" < local]
    if left:
        raise PlannedOnChanged(tuple((one.party.kind, one.party.id) for one in left))


def _bears(sheet: Sheet) -> frozenset[FactId]:
    found: set[FactId] = set()
    for entered in sheet.fields:
        known = field_named(sheet.kind, entered.name)
        # Whom somebody learnt of is a line that bears on it; so does that a sheet was taken off.
        if known is None or known.form not in _BESIDE or entered.name == "of":
            found.update(one.fact for one in entered.standing)
    return frozenset(found)


__all__ = [
    "Basis",
    "PlannedOnChanged",
    "Proposed",
    "basis",
    "ended",
    "held_until",
    "need_in_time",
    "need_learnt",
    "need_unchanged",
    "new_journeys",
    "new_sheet",
    "proposals",
    "rewritten",
    "with_state",
    "written",
]
