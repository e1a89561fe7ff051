# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who was with whom, where and when: every ride and stay by every word that was ever written.

For who can be revealed the past counts as much as what stands: a ride whose escort was exchanged
had been given to the first, and a journey that is over was made.  What surely happened is told
from what may only have (spec/burned.md 2).  Fails towards naming too many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.rooms.passage.believed import choice
from safeconduct.rooms.passage.board.board_days import ALWAYS, first_of, last_of, plus
from safeconduct.rooms.passage.kinds import (
    ESCORT,
    HOUSE,
    HOUSEHOLD,
    JOURNEY,
    LEG,
    POINT,
    RIDE,
    STAY,
    VEHICLE,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from safeconduct.rooms.passage.fold import Network, Sheet

Key = tuple[str, str]
"""A sheet by its kind and its id as fields hold it, read here or not."""
MADE: Final = frozenset({"begun", "over"})
"""States of a journey in which what is written of a past day was surely done."""
_WITH: Final = {"escort": ESCORT, "vehicle": VEHICLE, "leg": LEG, "meets": POINT}


class Track(NamedTuple):
    """A ride or a stay; each value is with whether it surely stands."""

    sheet: Sheet
    first: str
    """The earliest day that any word says; nothing where none does."""
    last: str
    """The latest, which for a stay is that of leaving; `ALWAYS` where one word says none."""
    made: bool
    """Whether it surely happened, or began to."""
    journeys: Mapping[str, bool]
    parties: Mapping[str, bool]
    others: Mapping[Key, bool]
    """Escorts, vehicles, legs, points, houses and hosts that it names."""

    def sure(self, key: Key, party: str) -> bool:
        """Tell whether what it names was surely with a party by it."""
        return self.made and self.others.get(key, False) and self.parties.get(party, False)

    def touches(self, other: Track) -> bool:
        """Tell whether two rows of one journey lie so close that their people hand over."""
        if not self.journeys.keys() & other.journeys.keys():
            return False
        own = {self.first, self.last} - {"", ALWAYS}
        theirs = {other.first, other.last} - {"", ALWAYS}
        near = {plus(day, by) for day in own for by in (-1, 0, 1)}
        return not own or not theirs or bool(near & theirs)


def ever(sheet: Sheet, name: str) -> dict[str, bool]:
    """Return what was ever written into a field, and whether it stands on the record."""
    found: dict[str, bool] = {}
    for entered in sheet.entered(name):
        for one in entered.written:
            if one.text:
                stands = one.stands and not sheet.taken_off
                found[one.text] = found.get(one.text, False) or stands
    return found


def tracks(network: Network, day: str) -> tuple[Track, ...]:
    """Return every ride and stay, also those that are over, called off or taken off."""
    return tuple(_track(network, one, day) for one in network.sheets if one.kind in {RIDE, STAY})


def _track(network: Network, sheet: Sheet, day: str) -> Track:
    journeys = ever(sheet, "journey")
    parties: dict[str, bool] = {}
    made = False
    for name, stands in journeys.items():
        journey = network.named(name, JOURNEY)
        if journey is None:
            continue
        made = made or (choice(journey, "state") in MADE and not journey.taken_off)
        for party, named in ever(journey, "party").items():
            parties[party] = parties.get(party, False) or (stands and named)
    first, last = _days(sheet)
    made = made and not sheet.taken_off and first <= day
    others = _rides(network, sheet) if sheet.kind == RIDE else _stays(network, sheet)
    return Track(sheet, first, last, made, journeys, parties, others)


def _days(sheet: Sheet) -> tuple[str, str]:
    names = ("day", "day") if sheet.kind == RIDE else ("begins", "ends")
    first, last = (ever(sheet, name) for name in names)
    return first_of(first), last_of(last) if last else ALWAYS


def _rides(network: Network, sheet: Sheet) -> dict[Key, bool]:
    found = {
        (kind, value): stands
        for name, kind in _WITH.items()
        for value, stands in ever(sheet, name).items()
    }
    for (kind, value), stands in list(found.items()):
        leg = network.named(value, LEG) if kind == LEG else None
        for end in (one for name in ("from", "to") if leg for one in ever(leg, name)):
            if network.named(end, POINT) is not None:
                found[POINT, end] = found.get((POINT, end), False) or stands
    return found


def _stays(network: Network, sheet: Sheet) -> dict[Key, bool]:
    found: dict[Key, bool] = {}
    for value, stands in ever(sheet, "house").items():
        found[HOUSE, value] = stands
        for host, keeps in hosts_of(network, value).items():
            found[HOUSEHOLD, host] = stands and keeps
    return found


def hosts_of(network: Network, house: str) -> dict[str, bool]:
    """Return who is or was the host of a house, as far as it can be read here."""
    sheet = network.named(house, HOUSE)
    return ever(sheet, "host") if sheet is not None else {}


__all__ = ["Key", "Track", "ever", "hosts_of", "tracks"]
