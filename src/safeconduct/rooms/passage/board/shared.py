# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rides that need one escort or one vehicle: who goes together, who would be in two places.

Rides on one leg on one day at one time go together, and those without a leg to one house; others
that overlap in time cannot.  Within one journey rides without a time are taken to follow each other
(spec/board.md 3).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from safeconduct.rooms.passage.believed import number, said
from safeconduct.rooms.passage.board.board_days import MIDNIGHT, minutes
from safeconduct.rooms.passage.board.board_rows import size_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from safeconduct.rooms.passage.board.board_rows import Ride

_HOLDS: Final = (("escort", "most"), ("vehicle", "seats"))
"""What takes people, and the field of its sheet that says how many."""
_By = tuple[str, str]


def by_shared(rides: Iterable[Ride]) -> Mapping[_By, Sequence[Ride]]:
    """Return the rides of journeys that somebody was told of, by each escort and vehicle named."""
    found: dict[_By, list[Ride]] = {}
    for ride in rides:
        if set(said(ride.journey, "state")) != {"proposed"}:
            for name, _ in _HOLDS:
                for value in {one for one in said(ride.sheet, name) if one}:
                    found.setdefault((name, value), []).append(ride)
    return found


def too_many(ride: Ride, shared: Mapping[_By, Sequence[Ride]]) -> bool:
    """Tell whether more people are to go with its escort, or in its vehicle, than can."""
    for name, most in _HOLDS:
        holder = ride.escort if name == "escort" else ride.vehicle
        room = number(holder, most) if holder else None
        if holder is not None and room is not None:
            with_it = shared.get((name, holder.id.hex()), ())
            sharing = [one for one in with_it if _together(ride, one)]
            people = {party.id: party for one in (ride, *sharing) for party in one.parties}
            if sum(map(size_of, people.values())) > room:
                return True
    return False


def twice(ride: Ride, shared: Mapping[_By, Sequence[Ride]]) -> bool:
    """Tell whether its escort or vehicle is on another ride at that time, or may be."""
    return any(
        one.sheet.id != ride.sheet.id and not _together(ride, one) and _overlap(ride, one)
        for name, _ in _HOLDS
        for value in said(ride.sheet, name)
        for one in shared.get((name, value), ())
    )


def _together(one: Ride, other: Ride) -> bool:
    leg = one.sheet.text("leg")
    if one.starts != other.starts or leg != other.sheet.text("leg"):
        return False
    # Without a leg a ride may be in any town: it is where the house is.
    return leg != "" or one.journey.id == other.journey.id or one.houses == other.houses != ()


def _overlap(one: Ride, other: Ride) -> bool:
    if not one.at or not other.at:
        return one.day == other.day and one.journey.id != other.journey.id
    (begins, ends), (other_begins, other_ends) = _span(one), _span(other)
    return begins < other_ends and other_begins < ends


def _span(ride: Ride) -> tuple[int, int]:
    """Return from when to when it lasts at the longest, in minutes; a minute where nobody knows."""
    begins = date.fromisoformat(ride.day).toordinal() * MIDNIGHT + minutes(ride.at)
    lasts = (number(ride.leg, "minutes") if ride.leg else None) or 1
    return begins, begins + lasts


__all__ = ["by_shared", "too_many", "twice"]
