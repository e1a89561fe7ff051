# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a plan is worth: the people whom it moves too late or not at all, and what the rest costs.

The sums of spec/operation.md 5.  They say nothing of whether a plan may be carried out: `rules`
does.
"""

from __future__ import annotations

from dataclasses import dataclass

from safeconduct.rooms.passage.operations.operation import Journey, Operation, Plan


@dataclass(frozen=True, slots=True)
class Score:
    """Sums over a whole plan; people are counted, not parties."""

    weighted_misses: int
    """Risk weights of all people who leave late or not at all."""
    objective: int
    """What decides between plans of equal misses, in units of the rates."""
    on_time: int
    late: int
    unplanned: int
    exposure: int
    """Over all planned people together."""
    wait: int
    """Days until they leave, over all planned people together."""
    out_of_country: int
    runs_used: int

    @property
    def rank(self) -> tuple[int, int]:
        """By what plans are compared; less is better."""
        return self.weighted_misses, self.objective

    @property
    def moved(self) -> int:
        """People with a journey, late or not."""
        return self.on_time + self.late


def score(operation: Operation, plan: Plan) -> Score:
    """Return what a plan is worth, whether or not it keeps the rules.

    The plan names rows that exist, and no party twice.
    """
    parties, rates = operation.parties, operation.rates
    planned = {journey.party for journey in plan}
    left = [party for party in range(len(parties.size)) if party not in planned]
    late = [journey.party for journey in plan if is_late(operation, journey)]
    runs = {operation.ways.run[journey.way] for journey in plan} - {None}
    unplanned = sum(parties.size[party] * parties.weight[party] for party in left)
    moved = [(parties.size[journey.party], journey) for journey in plan]
    people_late = sum(parties.size[party] for party in late)
    return Score(
        weighted_misses=unplanned + sum(parties.size[g] * parties.weight[g] for g in late),
        objective=sum(journey_cost(operation, journey) for journey in plan)
        + unplanned * rates.unplanned
        + len(runs) * rates.run,
        on_time=sum(size for size, _ in moved) - people_late,
        late=people_late,
        unplanned=sum(parties.size[party] for party in left),
        exposure=sum(size * exposure(operation, journey) for size, journey in moved),
        wait=sum(size * operation.ways.out[journey.way] for size, journey in moved),
        out_of_country=sum(size for size, journey in moved if journey.country is not None),
        runs_used=len(runs),
    )


def missing(operation: Operation, plan: Plan) -> set[int]:
    """Return the parties who leave late or not at all."""
    in_time = {journey.party for journey in plan if not is_late(operation, journey)}
    return set(range(len(operation.parties.size))) - in_time


def is_late(operation: Operation, journey: Journey) -> bool:
    """Tell whether the party leaves its zone after its deadline."""
    return operation.ways.out[journey.way] > operation.parties.deadline[journey.party]


def exposure(operation: Operation, journey: Journey) -> int:
    """Return the exposure of a whole journey, for one person, in 1/100,000 of -ln(1 - p)."""
    ways = operation.ways
    wanted = operation.parties.wanted[journey.party]
    factor = operation.search_list_factor if wanted else 1
    nights = journey.leave - ways.arrive[journey.way]
    total = ways.exposure[journey.way] + factor * ways.registered[journey.way]
    total += nights * operation.houses.exposure[journey.house]
    if journey.country is not None:
        total += operation.countries.exposure[journey.country]
    return total


def journey_cost(operation: Operation, journey: Journey) -> int:
    """Return what one journey adds to the objective, its run apart."""
    rates, ways = operation.rates, operation.ways
    weight = operation.parties.weight[journey.party]
    each = exposure(operation, journey)
    each += rates.wait * weight * ways.out[journey.way]
    each += rates.money * ways.cost[journey.way]
    if is_late(operation, journey):
        each += rates.late * weight
    if journey.country is None:
        each += rates.no_exit
    else:
        each += rates.money * operation.countries.cost[journey.country]
    return operation.parties.size[journey.party] * each
