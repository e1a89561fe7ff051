# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `safeconduct plan` says: of faults and where they are, of parties, of how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from safeconduct.programs.wording import N_, say
from safeconduct.rooms.passage.operations.faults import Fault
from safeconduct.rooms.passage.operations.operation import Operation
from safeconduct.rooms.passage.operations.score import Score
from safeconduct.rooms.passage.operations.stuck import Lack, Stuck
from safeconduct.rooms.passage.planner.mend import Mending, Option
from safeconduct.rooms.passage.planner.plan import Progress

FAULTS: Final[Mapping[str, str]] = {
    "no_json": N_("not JSON from line {found}, character {limit} on"),
    "twice": N_("this field stands there twice"),
    "other_version": N_("version {found}; this program reads version {limit}"),
    "no_object": N_("an object must stand here"),
    "no_list": N_("a list must stand here"),
    "no_number": N_("a whole number must stand here"),
    "no_flag": N_("true or false must stand here"),
    "unknown_field": N_("there is no such field"),
    "no_field": N_("this field is missing"),
    "other_length": N_("{found} values, and {limit} are needed"),
    "too_long": N_("{found} rows, and {limit} at most are read"),
    "too_small": N_("{found}, and {limit} is the least"),
    "too_large": N_("{found}, and {limit} is the most"),
    "no_row": N_("{found} does not exist: there are {limit}, counted from 0"),
    "past": N_("{found}: this deadline has passed; today is day 0"),
    "planned_twice": N_("party {found} has two rows"),
    "ready_too_late": N_("ready on day {found}, after its own deadline on day {limit}"),
    "arrives_before_out": N_("arrives on day {found}, before it leaves on day {limit}"),
    "out_outside_run": N_("leaves on day {found}, and its run is on another day ({limit})"),
    "departs_outside_way": N_("the departure is on day {found}, not between leaving and arriving"),
    "departs_elsewhere": N_("the way ends in town {found}, and its departure goes to town {limit}"),
    "nothing_carries": N_("neither a run nor a departure"),
    "said_twice": N_("this was said above already, the same or otherwise: say it once"),
    "ends_before_it_begins": N_("day {found} is before day {limit}, on which it begins"),
    "no_bed": N_("this house has no bed on any night"),
    "takes_nobody": N_("this house takes nobody"),
    "over_before_it_begins": N_("minute {found} is before minute {limit}, when it begins"),
    "nowhere_to_meet": N_("this party has no meeting point"),
    "goes_nowhere": N_("point {found} is a meeting point of this party, and its goal too"),
    "leaves_too_early": N_("leaves at minute {found}; nobody gets there before minute {limit}"),
    "way_to_itself": N_("{found} minutes from a point to itself; 0 must stand here"),
}
"""By the code of a fault."""
LACKS: Final[Mapping[Lack, str]] = {
    Lack.ESCORT: N_("an escort from zone {zone} (the party may not travel alone)"),
    Lack.SEATS: N_("a car with seats for {size}"),
    Lack.KNOWLEDGE: N_("an escort who may still be told of a party"),
    Lack.STRANGER: N_("an escort who has met nobody of network {network}"),
    Lack.PLACES: N_("{size} places together on a departure"),
    Lack.HOUSE: N_(
        "{size} beds in a house for need {need} (0 any, 1 families or women, 2 medical), in a town "
        "where a way ends"
    ),
    Lack.EXIT: N_("a country that takes it as soon as it comes"),
    Lack.CEILING: N_("a less exposed journey, or a higher ceiling"),
    Lack.WAY: N_("a way from zone {zone} to another town"),
}
BAR: Final = 20


def fault(one: Fault) -> str:
    """Return where a fault is and what it is."""
    what = say(FAULTS[one.code], found=one.found, limit=one.limit)
    return f"{one.place}: {what}" if one.place else what


def stuck(operation: Operation, one: Stuck) -> str:
    """Return that a party cannot go, and what would change it."""
    if one.any_of:
        said = N_("Party {party} cannot go at all.  One of these would change it: {lacks}.")
    elif one.all_of:
        said = N_("Party {party} cannot go at all.  It would take all of these: {lacks}.")
    else:
        said = N_("Party {party} cannot go at all, and no single thing would change it.")
    parties = operation.parties
    about = {
        name: getattr(parties, name)[one.party] for name in ("size", "zone", "need", "network")
    }
    lacks = "; ".join(say(LACKS[lack], **about) for lack in (*one.any_of, *one.all_of))
    return say(said, party=one.party, lacks=lacks)


def standing(score: Score, bound: int) -> str:
    """Return how good a plan is, and how much better one can be at most, in people by risk."""
    more = max(0, score.weighted_misses - bound)
    left = score.late + score.unplanned
    if more:
        said = N_(
            "too late or left behind: {left} people, {misses} by risk; "
            "at most {more} more of that could be saved"
        )
    else:
        said = N_("too late or left behind: {left} people, {misses} by risk; no plan saves more")
    return say(said, left=left, misses=score.weighted_misses, more=more)


def how_far(progress: Progress | Mending) -> str:
    """Return how good a plan is that is still being improved."""
    if isinstance(progress, Mending):
        return remade(progress.best)
    return standing(progress.score, progress.bound)


def remade(option: Option) -> str:
    """Return how good a plan is after what happened, and what it does to promises."""
    score = option.score
    said = N_(
        "too late or left behind: {left} people; in shelter without a bed: {bare} people; "
        "{misses} by risk; promises broken: {broken}, to {people} people; objective {objective}"
    )
    return say(
        said,
        left=score.late + score.unplanned,
        bare=score.unhoused,
        misses=score.weighted_misses,
        broken=option.broken,
        people=option.people,
        objective=score.objective,
    )


def stranded(party: int) -> str:
    """Return that a party is on a road on which no plan helps it."""
    said = N_(
        "Party {party} is on the road by a way that is closed, or with an escort who is lost."
    )
    return say(said, party=party)


def without_bed(party: int, night: int) -> str:
    """Return that a party has left, and lacks a bed."""
    said = N_("Party {party} has left and has no bed from night {night} on.")
    return say(said, party=party, night=night)


def bar(done: float) -> str:
    """Return a bar for a share between 0 and 1."""
    full = round(BAR * min(1.0, max(0.0, done)))
    return f"[{'#' * full}{'.' * (BAR - full)}]"
