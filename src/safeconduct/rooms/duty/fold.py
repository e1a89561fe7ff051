# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts of duty to the plan: the same in whatever order they came (spec/duty.md 2).

Who belongs to the office is not asked here: a shift of somebody who was removed stands in the plan,
and whoever looks for gaps passes it over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from safeconduct.kernel.words import DeviceId, FactId, Instant, instant_of
from safeconduct.rooms.duty.events import (
    DutyFact,
    HoursSet,
    ShiftLeft,
    ShiftTaken,
    SwapAccepted,
    SwapDropped,
    SwapOffered,
)
from safeconduct.rooms.duty.words import (
    COUNTS_FOR,
    NO_HOURS,
    SHIFT_MOST,
    Hours,
    Offer,
    Plan,
    Shift,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_F = TypeVar("_F", bound=DutyFact)


@dataclass(frozen=True, slots=True)
class Told:
    """A fact of duty that counts: which, by which device, and when by its clock."""

    fact: FactId
    device: DeviceId
    hlc: int
    event: DutyFact


class _Said(NamedTuple):
    """Facts of one kind, the first said first; equal times are told apart by the fact's id."""

    fact: FactId
    device: DeviceId
    hlc: int


def fold(told: Iterable[Told]) -> Plan:
    """Return the plan."""
    said = sorted(told, key=lambda one: (one.hlc, one.fact))
    offers = {one.fact: (one.device, event) for one, event in _of(said, SwapOffered)}
    live = {
        one.fact: Shift(
            *(one.fact, Instant(event.begins), Instant(event.ends)),
            *(bool(event.backup), one.device),
        )
        for one, event in _of(said, ShiftTaken)
        if _counts(event, one.hlc)
    }
    taken = _swap(live, offers, _of(said, SwapAccepted))
    for one, event in _of(said, ShiftLeft):
        holding = FactId(event.holding)
        if holding in live and live[holding].holder == one.device:
            del live[holding]
    dropped = {(FactId(event.offer), one.device) for one, event in _of(said, SwapDropped)}
    open_offers = [
        found
        for fact, (by, event) in offers.items()
        if fact not in taken and not {(fact, by), (fact, DeviceId(event.to))} & dropped
        if (found := _offer(fact, by, event, live)) is not None
    ]
    shifts = sorted(live.values(), key=lambda one: (one.begins, one.backup, one.ends, one.holding))
    return Plan(_hours(said), tuple(shifts), tuple(sorted(open_offers, key=lambda one: one.fact)))


def _of(said: Sequence[Told], kind: type[_F]) -> list[tuple[_Said, _F]]:
    return [
        (_Said(one.fact, one.device, one.hlc), one.event)
        for one in said
        if isinstance(one.event, kind)
    ]


def _counts(event: ShiftTaken, hlc: int) -> bool:
    length = event.ends - event.begins
    return 0 < length <= SHIFT_MOST and event.begins <= instant_of(hlc) + COUNTS_FOR


def _swap(
    live: dict[FactId, Shift],
    offers: dict[FactId, tuple[DeviceId, SwapOffered]],
    accepted: Iterable[tuple[_Said, SwapAccepted]],
) -> set[FactId]:
    """Let each acceptance give the shifts that it names; return the offers that were taken.

    A holding is used up by the first acceptance of it, so that a shift never has two owners by
    two swaps that were agreed at once, nor none.
    """
    taken: set[FactId] = set()
    for one, event in accepted:
        fact = FactId(event.offer)
        by, offered = offers.get(fact, (None, None))
        if by is None or offered is None or one.device != offered.to:
            continue
        offer = _offer(fact, by, offered, live)
        if offer is None:
            continue
        taken.add(fact)
        del live[offer.mine.holding]
        # Each of two shifts needs a holding of its own: the offer's id stands for what goes back.
        live[one.fact] = replace(offer.mine, holding=one.fact, holder=one.device)
        if offer.theirs is not None:
            del live[offer.theirs.holding]
            live[fact] = replace(offer.theirs, holding=fact, holder=by)
    return taken


def _offer(
    fact: FactId, by: DeviceId, event: SwapOffered, live: dict[FactId, Shift]
) -> Offer | None:
    """Return what is offered, while both have what they would give."""
    mine = live.get(FactId(event.mine))
    if mine is None or mine.holder != by or event.to == by:
        return None
    if not event.theirs:
        return Offer(fact, mine, DeviceId(event.to), None)
    theirs = live.get(FactId(event.theirs))
    if theirs is None or theirs.holder != event.to:
        return None
    return Offer(fact, mine, DeviceId(event.to), theirs)


def _hours(said: Sequence[Told]) -> Hours:
    """Return the hours that stand; where two stand, round the clock and the zone of the first."""
    found = _of(said, HoursSet)
    replaced = {old for one, event in found for old in event.replaces if old != one.fact}
    standing = [(one.fact, event) for one, event in found if one.fact not in replaced]
    if not standing:
        return NO_HOURS
    stood = tuple(sorted(fact for fact, _ in standing))
    _, first = min(standing, key=lambda item: item[0])
    if len({(event.zone, event.begins, event.ends) for _, event in standing}) > 1:
        return Hours(first.zone, 0, 0, stood, disputed=True)
    return Hours(first.zone, first.begins, first.ends, stood)
