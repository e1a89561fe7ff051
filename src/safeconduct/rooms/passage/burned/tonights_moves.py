# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is proposed for tonight when somebody is burned: who sleeps elsewhere, which rides stop.

Everybody who sleeps in a burned or revealed house, or is to, gets another bed, or is called because
there is none; a ride by a burned escort or vehicle does not go.  Proposed by rule, those in the
gravest danger and with the fewest beds first; a person approves (spec/burned.md 3).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.passage.believed import choice, said
from safeconduct.rooms.passage.board.board_days import ALWAYS, between, plus
from safeconduct.rooms.passage.board.board_rows import size_of
from safeconduct.rooms.passage.board.go import say_go
from safeconduct.rooms.passage.board.tonight import AHEAD
from safeconduct.rooms.passage.burned.other_beds import HOLD_NIGHTS, Bed, OtherBeds
from safeconduct.rooms.passage.events import GoSaid, SheetWritten
from safeconduct.rooms.passage.gathering.proposed import new_sheet, with_state
from safeconduct.rooms.passage.kinds import HOUSE, POINT, STAY

if TYPE_CHECKING:
    from safeconduct.kernel.sheets import SheetId
    from safeconduct.rooms.passage.board.board_rows import Ride, Stay
    from safeconduct.rooms.passage.board.tonight import Tonight
    from safeconduct.rooms.passage.burned.ledger import Ledger
    from safeconduct.rooms.passage.fold import Network, Sheet

THERE: Final = "there"
_RISKS: Final = ("gravest", "grave", "high", "raised", "standard")


@dataclass(eq=False)
class MovesChanged(Refused):
    """What was proposed is not any more what was looked at."""

    code: ClassVar[str] = "moves_changed"


@dataclass(frozen=True, slots=True)
class Move:
    """What is proposed for one party."""

    party: Sheet
    stays: tuple[Stay, ...]
    """Beds that are given up."""
    rides: tuple[Ride, ...]
    """Rides that do not go."""
    needs_bed: bool
    bed: Bed | None
    """None where nothing is found: somebody calls; or where no bed is needed."""
    first: str
    """The first night of the new bed."""
    ends: str
    """The day of leaving it; nothing where nobody said one."""

    @property
    def key(self) -> str:
        """What names exactly this proposal, for whoever approves what they saw."""
        rows = {one.sheet.id.hex() for one in self.stays} | {
            one.sheet.id.hex() for one in self.rides
        }
        house = self.bed.house.id.hex() if self.bed else ""
        return "-".join((self.party.id.hex(), house, self.first, *sorted(rows)))

    @property
    def to_write(self) -> bool:
        """Whether there is something to approve."""
        return self.bed is not None or bool(self.rides)


def moves(network: Network, ledger: Ledger, there: Tonight, now: int) -> tuple[Move, ...]:
    """Return what is proposed for tonight and the nights after; the most urgent first."""
    beds = OtherBeds(network, ledger, there, now)
    wants = [_wants(network, there, *one) for one in _hit(network, ledger, there)]
    ranked = sorted(
        (len(beds.of(*one.asks)) if one.move.needs_bed else AHEAD, at)
        for at, one in enumerate(wants)
    )
    few = {at: many for many, at in ranked}
    turn = sorted(range(len(wants)), key=lambda at: (*wants[at].urgent, few[at], at))
    return tuple(_settled(beds, wants[at]) for at in turn)


@dataclass(frozen=True, slots=True)
class _Want:
    """A party that is hit, and where it is to look for a bed."""

    move: Move
    here: frozenset[str]
    slept: str
    nights: range

    @property
    def asks(self) -> tuple[Sheet, frozenset[str], str, range]:
        return self.move.party, self.here, self.slept, self.nights

    @property
    def urgent(self) -> tuple[int, int, int]:
        """The first night first, then the gravest danger, then the most people."""
        party, first = self.move.party, self.nights[0] if self.move.needs_bed else AHEAD
        return first, _RISKS.index(choice(party, "risk")), -size_of(party)


def _hit(
    network: Network, ledger: Ledger, there: Tonight
) -> list[tuple[Sheet, list[Stay], list[Ride]]]:
    """Return each party with its stays in houses, and its rides by whom, that are revealed."""
    stays: dict[bytes, list[Stay]] = {}
    rides: dict[bytes, list[Ride]] = {}
    parties: dict[bytes, Sheet] = {}
    day, group, houses = there.rows.day, ledger.knower.group, ledger.houses
    for stay in there.rows.stays:
        if stay.party and stay.house in houses and stay.takes(day):
            parties[stay.party.id] = stay.party
            stays.setdefault(stay.party.id, []).append(stay)
    for ride in (one for trip in there.rows.trips for one in trip.rides if one.day >= day):
        by = ("escort", "vehicle")
        own = any((kind, name) in group for kind in by for name in said(ride.sheet, kind))
        if own and not _stopped(network, ride):
            for party in ride.parties:
                parties[party.id] = party
                rides.setdefault(party.id, []).append(ride)
    return [(one, stays.get(at, []), rides.get(at, [])) for at, one in parties.items()]


def _stopped(network: Network, ride: Ride) -> bool:
    """Tell whether somebody says that a ride does not go, and nobody answered that."""
    words = network.words.get(ride.sheet.id, ())
    answered = {fact for one in words for fact in one.over}
    return any(not one.go and one.fact not in answered for one in words)


def _wants(
    network: Network, there: Tonight, party: Sheet, stays: list[Stay], rides: list[Ride]
) -> _Want:
    day = there.rows.day
    own = [one for one in there.rows.stays if one.party and one.party.id == party.id]
    if any(ride.day == day for ride in rides):
        # Whoever was to be taken somewhere today does not get there.
        stays = stays + [
            one for one in own if one.first == day and one.state != THERE and one not in stays
        ]
    first = max(day, min((one.first for one in stays), default=day))
    ahead = min(between(day, first), AHEAD - 1)
    ends = min((one.leaves for one in stays if one.leaves > first), default=ALWAYS)
    last = min(ahead + HOLD_NIGHTS, AHEAD)
    if ends != ALWAYS:
        last = max(ahead + 1, min(last, between(day, ends)))
    slept = next((one.house for one in own if one.on(plus(day, -1)) and one not in stays), "")
    move = Move(
        *(party, tuple(stays), tuple(rides), bool(stays), None, first),
        "" if ends == ALWAYS else ends,
    )
    return _Want(move, _here(network, party, own, rides), slept, range(ahead, last))


def _here(
    network: Network, party: Sheet, own: Sequence[Stay], rides: Sequence[Ride]
) -> frozenset[str]:
    """Return the town in which a party is now: of its house, of its ride's start, or its own."""
    for stay in sorted(own, key=lambda one: (one.state != THERE, one.first)):
        towns = _town(network, stay)
        if towns and (stay.state == THERE or not rides):
            return towns
    for ride in sorted(rides, key=lambda one: one.starts):
        towns = _start(network, own, ride)
        if towns:
            return towns
    return frozenset(filter(None, said(party, "town")))


def _town(network: Network, stay: Stay) -> frozenset[str]:
    """Return the town of a stay's house."""
    house = network.named(stay.house, HOUSE)
    return frozenset(filter(None, said(house, "town"))) if house else frozenset()


def _start(network: Network, own: Sequence[Stay], ride: Ride) -> frozenset[str]:
    """Return the town in which a ride starts; without a leg it is that of the house it goes to."""
    if not any(said(ride.sheet, "leg")):
        comes = (_town(network, one) for one in own if one.first == ride.day)
        return frozenset[str]().union(*comes)
    starts = said(ride.leg, "from") if ride.leg is not None else ()
    points = (network.named(one, POINT) for one in starts)
    towns = frozenset(one for point in points if point for one in said(point, "town"))
    return towns or frozenset(filter(None, starts))


def _settled(beds: OtherBeds, want: _Want) -> Move:
    """Return a move with the best bed that is left."""
    found = beds.of(*want.asks) if want.move.needs_bed else []
    if not found:
        return want.move
    beds.take(want.move.party, found[0].house, want.nights)
    return replace(want.move, bed=found[0])


def written(
    network: Network, some: Sequence[Move], day: str, new: Callable[[], SheetId]
) -> list[SheetWritten | GoSaid]:
    """Return what approving moves writes: old beds given up, new ones held, rides said not to go.

    A bed is given up only for another one: who has none stays on the board, in red.
    """
    facts: dict[tuple[str, bytes], SheetWritten | GoSaid] = {}
    for one in some:
        for ride in one.rides:
            words = [word.fact for word in network.words.get(ride.sheet.id, ())]
            facts["ride", ride.sheet.id] = say_go(network, ride.sheet, (), words, go=False)
        if one.bed is None:
            continue
        for stay in one.stays:
            state = "over" if stay.state == THERE and stay.first < day else "released"
            facts[STAY, stay.sheet.id] = with_state(stay.sheet, state)
        journeys = [row for stay in one.stays for row in said(stay.sheet, "journey") if row]
        fresh = new()
        facts[STAY, fresh] = new_sheet(
            *(fresh, STAY),
            journey=journeys[0] if journeys else "",
            house=one.bed.house.id.hex(),
            begins=one.first,
            ends=one.ends,
            state="held",
            until=plus(one.first, HOLD_NIGHTS),
        )
    return list(facts.values())


__all__ = ["Move", "MovesChanged", "moves", "written"]
