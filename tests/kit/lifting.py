# SPDX-License-Identifier: AGPL-3.0-or-later
"""One obstacle lifted in the operation itself, for one journey, and nothing else changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from safeconduct.rooms.passage.operations.operation import Journey, Operation
from safeconduct.rooms.passage.why.audit import Alone
from safeconduct.rooms.passage.why.obstacles import Obstacle
from tests.kit.operations import changed

MANY: Final = 100
Lift = Callable[[Operation, int, Alone], Operation]


def lifted(of: Operation, party: int, one: Alone) -> Operation:
    """The operation without one obstacle."""
    return LIFTS[one.obstacle](of, party, one)


def journey(of: Operation, party: int, one: Alone) -> Journey:
    """The journey that it barred; to the last house where none is named."""
    chance, last = one.chance, len(of.houses.town) - 1
    house = last if chance.house is None else chance.house
    return Journey(party, chance.way, house, chance.leave, chance.country)


def _escort(of: Operation, one: Alone) -> int:
    run = of.ways.run[one.chance.way]
    assert run is not None
    return of.runs.escort[run]


def _ready(of: Operation, party: int, _: Alone) -> Operation:
    return changed(of, "parties.ready", party, 0)


def _reach(of: Operation, party: int, _: Alone) -> Operation:
    return changed(of, "parties.reach", party, ())


def _go_alone(of: Operation, party: int, _: Alone) -> Operation:
    return changed(of, "parties.alone", party, value=True)


def _seats(of: Operation, _: int, one: Alone) -> Operation:
    return changed(of, "escorts.seats", _escort(of, one), MANY)


def _driving(of: Operation, _: int, one: Alone) -> Operation:
    """Another driver of the same car, who has met the same people."""
    run, old, escorts = of.ways.run[one.chance.way], _escort(of, one), of.escorts
    assert run is not None
    rows = {name: (*(had := getattr(escorts, name)), had[old]) for name in escorts.__slots__}
    more = replace(of, escorts=replace(escorts, **rows))
    return changed(more, "runs.escort", run, len(escorts.seats))


def _knowledge(of: Operation, _: int, one: Alone) -> Operation:
    return changed(of, "escorts.knowledge_cap", _escort(of, one), MANY)


def _met_escort(of: Operation, _: int, one: Alone) -> Operation:
    return _strangers(changed(of, "escorts.met", _escort(of, one), ()), one)


def _met_host(of: Operation, _: int, one: Alone) -> Operation:
    assert one.chance.house is not None
    host = of.houses.household[one.chance.house]
    return _strangers(changed(of, "households.met", host, ()), one)


def _strangers(of: Operation, one: Alone) -> Operation:
    """Who is met already is nobody's relative."""
    for other in one.holders:
        of = changed(of, "parties.network", other, None)
    return of


def _places(of: Operation, _: int, one: Alone) -> Operation:
    departure = of.ways.departure[one.chance.way]
    assert departure is not None
    return changed(of, "departures.cap", departure, MANY)


def _house(of: Operation, _: int, one: Alone) -> Operation:
    """The house suits everybody; where none is named there is a new one."""
    everybody = (True, True, True)
    if one.chance.house is not None:
        suits = changed(of, "houses.suits", one.chance.house, everybody)
        return changed(suits, "houses.largest_party", one.chance.house, MANY)
    homes, host = of.houses, len(of.households.met)
    new = {
        "town": of.ways.town[one.chance.way],
        "household": host,
        "largest_party": MANY,
        "suits": everybody,
        "exposure": 0,
        "beds": (MANY,) * of.days,
    }
    rows = {name: (*getattr(homes, name), value) for name, value in new.items()}
    hosts = replace(of.households, met=(*of.households.met, ()))
    return replace(of, houses=replace(homes, **rows), households=hosts)


def _beds(of: Operation, _: int, one: Alone) -> Operation:
    assert one.chance.house is not None
    return changed(of, "houses.beds", one.chance.house, (MANY,) * of.days)


def _papers(of: Operation, _: int, one: Alone) -> Operation:
    assert one.chance.country is not None
    return changed(of, "countries.processing", one.chance.country, (0, 0, 0))


def _quota(of: Operation, _: int, one: Alone) -> Operation:
    country = one.chance.country
    assert country is not None
    weeks = (MANY,) * len(of.countries.quota[country])
    return changed(of, "countries.quota", country, weeks)


def _ceiling(of: Operation, _: int, __: Alone) -> Operation:
    return replace(of, ceiling=10**6)


LIFTS: Final[dict[Obstacle, Lift]] = {
    Obstacle.READY: _ready,
    Obstacle.REACH: _reach,
    Obstacle.ESCORT: _go_alone,
    Obstacle.SEATS: _seats,
    Obstacle.DRIVING: _driving,
    Obstacle.KNOWLEDGE: _knowledge,
    Obstacle.MET_ESCORT: _met_escort,
    Obstacle.PLACES: _places,
    Obstacle.HOUSE: _house,
    Obstacle.MET_HOST: _met_host,
    Obstacle.BEDS: _beds,
    Obstacle.PAPERS: _papers,
    Obstacle.QUOTA: _quota,
    Obstacle.CEILING: _ceiling,
}
