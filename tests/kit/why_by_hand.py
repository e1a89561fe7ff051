# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why a party is not moved, by trying everything: each way, house, day of leaving and country.

Each journey is put beside the plan, and beside nobody, and judged by `plan_checker`; nothing is
shared with `rooms/passage` but names.  The operations are small, and short of everything.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any, Final, NamedTuple

from safeconduct.rooms.passage.operations.operation import Escorts, Households, Operation, Plan
from safeconduct.rooms.passage.operations.operation_file import write_operation
from safeconduct.rooms.passage.operations.plan_file import write_plan
from tests.kit.operations import invent
from tests.kit.plan_checker import Checked

DAYS: Final = 8
KIN: Final = 3
"""Networks, so few that everybody has relatives."""
WORDS: Final = {
    "ready": "ready",
    "reach": "reach",
    "alone": "escort",
    "seats": "seats",
    "one-place": "driving",
    "knowledge": "knowledge",
    "met-escort": "met-escort",
    "cluster": "places",
    "suits": "house",
    "size": "house",
    "met-host": "met-host",
    "beds": "beds",
    "papers": "papers",
    "quota": "quota",
    "ceiling": "ceiling",
}
"""What the specification calls an obstacle, by the rule that it is."""
Row = dict[str, Any]
Marks = frozenset[tuple[str, bool]]
"""Obstacles, each with whether only others are in the way."""


class Tried(NamedTuple):
    """One journey and all that bars it."""

    row: Row
    marks: Marks


def scarce(seed: int) -> Operation:
    """Return an operation of eight days for some ten parties, short of one thing or another."""
    dice = Random(seed)
    of = invent(14, seed, tight=dice.choice((1.0, 2.0)))
    kept = [way for way, day in enumerate(of.ways.arrive) if day < DAYS + 2]
    ways = {name: _rows(getattr(of.ways, name), kept) for name in of.ways.__slots__}
    escorts, weeks = len(of.escorts.seats), -(-DAYS // 7)
    caps = dice.choices((0, 1, 2, 18), (1, 3, 3, 3), k=escorts)
    seats = dice.choices((1, 2, 3), k=escorts)
    places = tuple(dice.choices((0, 1, 2, 3), (1, 2, 3, 3), k=len(of.departures.cap)))
    beds = tuple(_until(row, dice.choice((3, 5, DAYS, DAYS))) for row in of.houses.beds)
    abroad = replace(
        of.countries,
        exposure=of.countries.exposure[:2],
        cost=of.countries.cost[:2],
        processing=((None, 3, 1), (4, 2, 0)),
        quota=tuple(tuple(dice.choices((0, 1, 4), k=weeks)) for _ in range(2)),
    )
    return replace(
        of,
        days=DAYS,
        ceiling=dice.choice((3_000, 4_500, 10_000)),
        networks=KIN,
        parties=replace(of.parties, network=_kin(dice, len(of.parties.size))),
        ways=replace(of.ways, **ways),
        escorts=Escorts(tuple(seats), tuple(caps), _met(dice, escorts)),
        households=Households(_met(dice, len(of.households.met))),
        departures=replace(of.departures, cap=places),
        houses=replace(of.houses, beds=beds),
        countries=abroad,
    )


def _until(beds: tuple[int, ...], night: int) -> tuple[int, ...]:
    return tuple(few * (at < night) for at, few in enumerate(beds[:DAYS]))


def _kin(dice: Random, parties: int) -> tuple[int | None, ...]:
    return tuple(dice.choice((*range(KIN), None)) for _ in range(parties))


def _met(dice: Random, knowers: int) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(one for one in range(KIN) if dice.random() < 0.15) for _ in range(knowers))


def _rows(values: tuple[Any, ...], rows: list[int]) -> tuple[Any, ...]:
    return tuple(values[row] for row in rows)


class ByHand:
    """All journeys of one party by a day, each judged."""

    def __init__(self, operation: Operation, plan: Plan, party: int) -> None:
        self.op = json.loads(write_operation(operation))
        self._first_new = len(self.op["houses"]["town"])
        self._build_houses()
        data = json.dumps(self.op).encode()
        others = tuple(journey for journey in plan if journey.party != party)
        self._with = Checked(data, write_plan(others))
        self._alone = Checked(data, write_plan(()))
        self._party = party

    def tried(self, by: int) -> dict[int, list[Tried]]:
        """Return by way all journeys that leave by a day."""
        ways, party = self.op["ways"], self._party
        zone = self.op["parties"]["zone"][party]
        return {
            way: list(self._behind(way))
            for way, out in enumerate(ways["out"])
            if out <= by and ways["zone"][way] == zone and ways["arrive"][way] < self.op["days"]
        }

    def _behind(self, way: int) -> Iterator[Tried]:
        town, arrive = self.op["ways"]["town"][way], self.op["ways"]["arrive"][way]
        days, countries = self.op["days"], range(len(self.op["countries"]["cost"]))
        exits = [(days, None), *((day, one) for day in range(arrive, days) for one in countries)]
        for house in self._houses(town):
            for leave, country in exits:
                row = {"way": way, "house": house, "leave": leave, "country": country}
                yield self._judge({"party": self._party, **row})

    def _judge(self, row: Row) -> Tried:
        own = {WORDS[rule] for rule in self._alone.beside(row)}
        now = {WORDS[rule] for rule in self._with.beside(row)}
        marks = {(word, False) for word in own} | {(word, True) for word in now - own}
        if row["house"] >= self._first_new:
            marks.add(("house", False))
        return Tried(row, frozenset(marks))

    def _houses(self, town: int) -> list[int]:
        """The houses of a town; a new one where none suits."""
        homes, party = self.op["houses"], self._party
        there = [row for row, at in enumerate(homes["town"]) if at == town]
        old = [row for row in there if row < self._first_new]
        size, need = (self.op["parties"][name][party] for name in ("size", "need"))
        suit = [row for row in old if homes["suits"][row][need]]
        suit = [row for row in suit if homes["largest_party"][row] >= size]
        return old if suit else there

    def _build_houses(self) -> None:
        """A house in each town that nobody has yet: safe, empty, and for anybody."""
        op = self.op
        towns = op["towns"]
        added = {
            "town": list(range(towns)),
            "household": [len(op["households"]["met"])] * towns,
            "largest_party": [100] * towns,
            "suits": [[True, True, True]] * towns,
            "exposure": [0] * towns,
            "beds": [[100] * op["days"]] * towns,
        }
        op["households"]["met"].append([])
        for column, values in added.items():
            op["houses"][column] += values


def fewest(tried: list[Tried]) -> set[Marks]:
    """The smallest sets of obstacles."""
    least = min(len(one.marks) for one in tried)
    return {one.marks for one in tried if len(one.marks) == least}


def counted(tried: dict[int, list[Tried]]) -> Counter[tuple[str, bool]]:
    """By obstacle the ways on which it is among the fewest."""
    told = Counter[tuple[str, bool]]()
    for each in tried.values():
        told.update({mark for marks in fewest(each) for mark in marks})
    return told
