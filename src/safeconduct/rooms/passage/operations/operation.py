# SPDX-License-Identifier: AGPL-3.0-or-later
"""An operation: who must be moved and by what means, and a plan for it (docs/spec/operation.md).

Integers, booleans and None only: no name, place or date can be in them.  Every table is an object
of columns of equal length; an index is a row of another table, counted from 0.
"""

from __future__ import annotations

from dataclasses import dataclass

Ints = tuple[int, ...]
MaybeInts = tuple[int | None, ...]
Bools = tuple[bool, ...]
Lists = tuple[Ints, ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """What counts how much, in units of the objective."""

    late: int
    unplanned: int
    wait: int
    run: int
    no_exit: int
    money: int


@dataclass(frozen=True, slots=True)
class Parties:
    """People who must stay together; `reach` are the towns that their pursuers reach."""

    size: Ints
    weight: Ints
    zone: Ints
    ready: Ints
    deadline: Ints
    alone: Bools
    wanted: Bools
    documents: Ints
    need: Ints
    network: MaybeInts
    reach: Lists


@dataclass(frozen=True, slots=True)
class Escorts:
    """One row is one knower; `met` are networks of which it has met somebody."""

    seats: Ints
    knowledge_cap: Ints
    met: Lists


@dataclass(frozen=True, slots=True)
class Runs:
    """Errands that an escort could make; `busy` is days until it is free again."""

    escort: Ints
    day: Ints
    busy: Ints


@dataclass(frozen=True, slots=True)
class Departures:
    """One train or coach from a hub to a town on one day, and the most clients on it together."""

    hub: Ints
    town: Ints
    day: Ints
    cap: Ints


@dataclass(frozen=True, slots=True)
class Ways:
    """Whole ways out of a zone: by a run, by a run and a departure, or alone by a departure."""

    zone: Ints
    town: Ints
    run: MaybeInts
    departure: MaybeInts
    out: Ints
    arrive: Ints
    exposure: Ints
    registered: Ints
    cost: Ints


@dataclass(frozen=True, slots=True)
class Houses:
    """Safe houses; `beds` over the nights, `suits` for each need."""

    town: Ints
    household: Ints
    largest_party: Ints
    suits: tuple[tuple[bool, bool, bool], ...]
    exposure: Ints
    beds: Lists


@dataclass(frozen=True, slots=True)
class Households:
    """Who keeps houses, and of which networks it has met somebody."""

    met: Lists


@dataclass(frozen=True, slots=True)
class Countries:
    """Ways to leave the country; `processing` over papers, `quota` over weeks."""

    exposure: Ints
    cost: Ints
    processing: tuple[MaybeInts, ...]
    quota: Lists


@dataclass(frozen=True, slots=True)
class Operation:
    """Everything that a planner knows (spec/operation.md 1)."""

    days: int
    ceiling: int
    search_list_factor: int
    zones: int
    towns: int
    hubs: int
    networks: int
    rates: Rates
    parties: Parties
    escorts: Escorts
    runs: Runs
    departures: Departures
    ways: Ways
    houses: Houses
    households: Households
    countries: Countries


@dataclass(frozen=True, slots=True, order=True)
class Journey:
    """How one party goes; `country` None: still in that house at the horizon."""

    party: int
    way: int
    house: int
    leave: int
    country: int | None


Plan = tuple[Journey, ...]
"""One journey for each planned party, by party."""
