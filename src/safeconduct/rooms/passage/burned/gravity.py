# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is gravest tonight of what can be revealed: who sleeps there, who is on the way, the rest.

Where it is not known whether something is over it is not (spec/burned.md 2).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from safeconduct.rooms.passage.believed import said
from safeconduct.rooms.passage.burned.revealed import Rank, Revealed
from safeconduct.rooms.passage.burned.tracks import hosts_of
from safeconduct.rooms.passage.kinds import ESCORT, HOUSE, HOUSEHOLD, LEG, PARTY, POINT, VEHICLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from safeconduct.rooms.passage.board.board_rows import Rows
    from safeconduct.rooms.passage.burned.tracks import Key
    from safeconduct.rooms.passage.fold import Network


def ranked(
    network: Network, found: Sequence[Revealed], runs: Rows, burned: Collection[str]
) -> list[Revealed]:
    """Return lines with how grave each is; `burned` are houses that are burned themselves."""
    houses = {*burned, *(one.key[1] for one in found if one.key[0] == HOUSE)}
    at = _Tonight(network, runs, houses)
    return [replace(one, rank=at.rank(one)) for one in found]


def order(found: Iterable[Revealed], kinds: Sequence[str]) -> tuple[Revealed, ...]:
    """Return the gravest first; what is as grave by its kind, and what is sure before the rest."""
    return tuple(
        sorted(found, key=lambda one: (one.rank, kinds.index(one.key[0]), one.may, one.key[1]))
    )


class _Tonight:
    """Who sleeps in a revealed house tonight, and what is on the way."""

    def __init__(self, network: Network, runs: Rows, houses: Collection[str]) -> None:
        self._runs = runs
        stays = [one for one in runs.stays if one.on(runs.day)]
        there = [one for one in stays if one.house in houses]
        self._full = {one.house for one in there}
        self._asleep = {one.party.id.hex() for one in there if one.party}
        self._beds = {one.party.id.hex() for one in stays if one.party}
        rides = [ride for trip in runs.trips for ride in trip.rides if ride.day == runs.day]
        self._moving = {party.id.hex() for ride in rides for party in ride.parties}
        self._used: set[Key] = {
            (sheet.kind, sheet.id.hex())
            for ride in rides
            for sheet in (ride.escort, ride.vehicle, ride.leg, ride.meets)
            if sheet is not None
        }
        self._hosts = {host for house in self._full for host in hosts_of(network, house)}

    def rank(self, one: Revealed) -> Rank:
        """Return how grave one line is."""
        kind, name = one.key
        if kind == PARTY:
            return self._party(one)
        if name in {HOUSE: self._full, HOUSEHOLD: self._hosts}.get(kind, ()):
            return Rank.ASLEEP
        if kind in {ESCORT, VEHICLE, LEG, POINT} and one.key in self._used:
            return Rank.ON_THE_WAY
        return Rank.REST

    def _party(self, one: Revealed) -> Rank:
        name, sheet = one.key[1], one.sheet
        if name in self._asleep:
            return Rank.ASLEEP
        trips = self._runs.of_party.get(bytes.fromhex(name), ())
        if name in self._moving or (name not in self._beds and any(one.begun for one in trips)):
            return Rank.ON_THE_WAY
        over = sheet is not None and set(said(sheet, "state")) == {"over"}
        return Rank.OVER if over else Rank.REST


__all__ = ["order", "ranked"]
