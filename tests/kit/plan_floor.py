# SPDX-License-Identifier: AGPL-3.0-or-later
"""Misses that no plan of an operation avoids: of parties that had no way if they were alone.

A floor, and no more: parties compete for the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from safeconduct.rooms.passage.operations.operation import Operation


def unavoidable(operation: Operation) -> int:
    """Return the weighted misses of all parties that could not leave in time even alone."""
    parties = operation.parties
    ways, houses = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for way, zone in enumerate(operation.ways.zone):
        ways[zone].append(way)
    for house, town in enumerate(operation.houses.town):
        houses[town].append(house)
    return sum(
        size * parties.weight[party]
        for party, size in enumerate(parties.size)
        if not any(
            _goes(operation, party, way)
            and any(
                _sleeps(operation, party, way, house) for house in houses[operation.ways.town[way]]
            )
            for way in ways[parties.zone[party]]
        )
    )


def _goes(operation: Operation, party: int, way: int) -> bool:
    """Whether a party could leave by a way, in time."""
    parties, ways, escorts = operation.parties, operation.ways, operation.escorts
    size, network = parties.size[party], parties.network[party]
    run, departure = ways.run[way], ways.departure[way]
    if not parties.ready[party] <= ways.out[way] <= parties.deadline[party]:
        return False
    if ways.town[way] in parties.reach[party]:
        return False
    if departure is not None and operation.departures.cap[departure] < size:
        return False
    if run is None:
        return parties.alone[party]
    escort = operation.runs.escort[run]
    roomy = escorts.seats[escort] >= size and escorts.knowledge_cap[escort] >= 1
    return roomy and (network is None or network not in escorts.met[escort])


def _sleeps(operation: Operation, party: int, way: int, house: int) -> bool:
    """Whether a house takes the party at the end of the way, for long enough and unseen."""
    parties, ways, houses = operation.parties, operation.ways, operation.houses
    network = parties.network[party]
    met = operation.households.met[houses.household[house]]
    if (network is not None and network in met) or ways.arrive[way] >= operation.days:
        return False
    if not houses.suits[house][parties.need[party]]:
        return False
    if houses.largest_party[house] < parties.size[party]:
        return False
    factor = operation.search_list_factor if parties.wanted[party] else 1
    left = operation.ceiling - ways.exposure[way] - factor * ways.registered[way]
    stays = _stays(operation, party, ways.arrive[way], house)
    return any(nights * houses.exposure[house] + abroad <= left for nights, abroad in stays)


def _stays(operation: Operation, party: int, arrive: int, house: int) -> Iterator[tuple[int, int]]:
    """Nights and exposure abroad of the shortest stays that end in each country, or nowhere."""
    size, countries = operation.parties.size[party], operation.countries
    beds, days = operation.houses.beds[house], operation.days
    full = next((night for night in range(arrive, days) if beds[night] < size), days)
    if full == days:
        yield days - arrive, 0
    for country, papers in enumerate(countries.processing):
        wait = papers[operation.parties.documents[party]]
        if wait is None:
            continue
        for leave in range(arrive + wait, min(full, days - 1) + 1):
            if countries.quota[country][leave // 7] >= size:
                yield leave - arrive, countries.exposure[country]
                break
