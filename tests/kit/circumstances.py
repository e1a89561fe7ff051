# SPDX-License-Identifier: AGPL-3.0-or-later
"""Invented circumstances: an operation with moves between its towns, and what may happen in it.

The country does not exist (`operations`); a move is as long and as exposed as chance wants it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Final

from safeconduct.rooms.passage.operations.circumstances import (
    BedsChanged,
    Circumstances,
    CountryClosed,
    DeadlineMoved,
    DepartureCancelled,
    EscortKnows,
    EscortLost,
    Events,
    Hold,
    HouseBurned,
    HouseholdKnows,
    HouseholdLost,
    Move,
    Promise,
    PromisePrices,
    QuotaChanged,
    SizeChanged,
    TownClosed,
    WayClosed,
    ZoneClosed,
)
from safeconduct.rooms.passage.operations.operation import Operation, Plan

TODAY: Final = 8
WEEKS_CLOSED: Final = 3


def situate(operation: Operation, seed: int) -> Circumstances:
    """Return an operation with moves between half of its towns, and nothing else."""
    dice = Random(seed)
    towns = range(operation.towns)
    moves = [
        Move(town, to, dice.randint(0, 2), dice.randint(100, 900), dice.choice((0, 0, 300)), 40)
        for town in towns
        for to in towns
        if town != to and dice.random() < 0.5
    ]
    return Circumstances(operation, moves=tuple(moves))


def disruptions(operation: Operation, plan: Plan, today: int = TODAY) -> dict[str, Events]:
    """Return what would hit a plan most on a day: by name, one alone and all of them."""
    ways, sizes = operation.ways, operation.parties.size
    houses, escorts, countries = Counter[int](), Counter[int](), Counter[int]()
    for one in plan:
        run = ways.run[one.way]
        if ways.arrive[one.way] <= today < one.leave:
            houses[one.house] += sizes[one.party]
        if run is not None and ways.out[one.way] >= today:
            escorts[operation.runs.escort[run]] += sizes[one.party]
        if one.country is not None and one.leave >= today:
            countries[one.country] += sizes[one.party]
    house, escort, country = (_most(one) for one in (houses, escorts, countries))
    later = [one.party for one in plan if ways.out[one.way] >= today]
    grown = max(later, key=lambda party: (sizes[party] == 1, -party))
    last = today + 7 * WEEKS_CLOSED - 1
    found = {
        "house_burned": Events(today, houses_burned=(HouseBurned(house, today),)),
        "escort_arrested": Events(today, escorts_lost=(EscortLost(escort, today),)),
        "border_closed": Events(today, countries_closed=(CountryClosed(country, today, last),)),
        "party_grown": Events(today, sizes_changed=(SizeChanged(grown, today, sizes[grown] + 2),)),
    }
    return found | {
        "all": Events(
            today,
            houses_burned=found["house_burned"].houses_burned,
            escorts_lost=found["escort_arrested"].escorts_lost,
            countries_closed=found["border_closed"].countries_closed,
            sizes_changed=found["party_grown"].sizes_changed,
        )
    }


def _most(counted: Counter[int]) -> int:
    return max(counted, key=lambda row: (counted[row], -row), default=0)


def happened(operation: Operation, dice: Random, today: int) -> Events:
    """Return a few of all the things that can happen, on a day."""
    of, days = operation, operation.days

    def some(rows: int) -> list[int]:
        return dice.sample(range(rows), min(rows, dice.choice((0, 0, 1, 2))))

    def since() -> int:
        return dice.randint(max(0, today - 2), min(days - 1, today + 9))

    def span() -> tuple[int, int]:
        first = since()
        return first, first + dice.randint(0, 20)

    houses, parties, towns = len(of.houses.town), len(of.parties.size), of.towns
    weeks = len(of.countries.quota[0])
    return Events(
        today,
        tuple(HouseBurned(row, since()) for row in some(houses)),
        tuple(HouseholdLost(row, since()) for row in some(len(of.households.met))),
        tuple(EscortLost(row, since()) for row in some(len(of.escorts.seats))),
        tuple(DepartureCancelled(row) for row in some(len(of.departures.day))),
        tuple(WayClosed(row, *span()) for row in some(len(of.ways.out))),
        tuple(ZoneClosed(row, *span()) for row in some(of.zones)),
        tuple(TownClosed(row, *span()) for row in some(towns)),
        tuple(CountryClosed(row, *span()) for row in some(len(of.countries.cost))),
        tuple(BedsChanged(row, *span(), dice.randint(0, 5)) for row in some(houses)),
        tuple(
            QuotaChanged(row, dice.randrange(weeks), dice.randint(0, 2))
            for row in some(len(of.countries.cost))
        ),
        tuple(
            SizeChanged(row, dice.randint(0, today), dice.randint(1, 5)) for row in some(parties)
        ),
        tuple(DeadlineMoved(row, dice.randrange(days)) for row in some(parties)),
    )


def with_history(circumstances: Circumstances, dice: Random) -> Circumstances:
    """Return circumstances with prices, a hold, and somebody who knows somebody, by chance."""
    of = circumstances.operation
    parties, days = range(len(of.parties.size)), of.days
    first = dice.randint(0, days - 1)
    hold = Hold(
        dice.randrange(len(of.houses.town)),
        first,
        first + dice.randint(0, 9),
        dice.randint(0, 3),
        dice.randint(0, days),
    )
    return replace(
        circumstances,
        prices=PromisePrices(*(dice.randint(0, 9_000) for _ in range(3))),
        escorts_know=(EscortKnows(dice.randrange(len(of.escorts.seats)), dice.choice(parties)),),
        households_know=(
            HouseholdKnows(dice.randrange(len(of.households.met)), dice.choice(parties)),
        ),
        holds=(hold,),
    )


def later(circumstances: Circumstances, dice: Random, today: int) -> Circumstances:
    """Return circumstances some days later: things happened, and some were told of a journey."""
    parties = range(len(circumstances.operation.parties.size))
    told = (Promise(party, dice.randint(0, 3)) for party in parties if dice.random() < 0.5)
    return replace(
        circumstances,
        promises=tuple(told),
        events=happened(circumstances.operation, dice, today),
    )
