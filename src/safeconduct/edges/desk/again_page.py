# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page of planning again shows: who is hit, plans to choose from, and whom each changes.

People and houses are named by their code names alone (spec/planning.md 9).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from safeconduct.edges.desk import again_words
from safeconduct.edges.desk.between_page import stood
from safeconduct.edges.desk.planning_api import SECONDS
from safeconduct.edges.desk.planning_names import day as day_of
from safeconduct.edges.desk.planning_names import label as label_of
from safeconduct.edges.desk.planning_names import path as path_of
from safeconduct.edges.desk.planning_page import local_of, reasons, refusal_shown
from safeconduct.rooms.passage.believed import choice, number
from safeconduct.rooms.passage.kinds import COUNTRY, ESCORT, LEG, PARTY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from safeconduct.edges.desk.planning_again_api import Alternative, PlansAgainApi
    from safeconduct.edges.desk.planning_page import Who
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.kernel.errors import SafeconductError
    from safeconduct.kernel.sheets import SheetId
    from safeconduct.rooms.passage import Sheet
    from safeconduct.rooms.passage.gathering.again import Again
    from safeconduct.rooms.passage.gathering.befallen import Blow
    from safeconduct.rooms.passage.gathering.changed import Change, Moved
    from safeconduct.rooms.passage.gathering.proposed import Proposed

_MOST: Final = 200


class Hit(NamedTuple):
    """A party that cannot go, or stay, as planned, in words."""

    name: str
    path: str
    size: int
    texts: tuple[str, ...]
    by_hand: bool
    """Whether people have to see to it, since no plan can say their journey."""


class Changed(NamedTuple):
    """How a journey was, and how it goes now, in words."""

    name: str
    path: str
    size: int
    begun: bool
    told: str
    was: tuple[str, ...]
    now: tuple[str, ...]


class Plan(NamedTuple):
    """One plan to choose from; `broken` are the names of those whose promise it breaks."""

    number: int
    missed: int
    unhoused: int
    broken: tuple[str, ...]
    paying: tuple[tuple[str, str, int], ...]
    """Who would go in the place of whom, and how many people stand for that so far."""
    changes: tuple[Changed, ...]
    weighed: bool
    """Whether it is known who pays, so that it can be approved."""


def page_shown(visit: Visit, error: SafeconductError | None = None) -> dict[str, Any]:
    """Return what the page shows."""
    plans = visit.desk.ways.plans
    shown: dict[str, Any] = {
        "lacking": plans.lacking(),
        "seconds": SECONDS,
        "about": "",
        "needed": (),
        "changed": (),
        "whys": reasons(visit),
        **state_shown(visit),
        **refusal_shown(visit, error),
    }
    shown["needed"] = _stood(visit, shown["needed"])
    if not shown["lacking"]:
        again = plans.again.looked_over(local_of(visit))
        on = plans.again.on()
        hit = _hit(visit, again, _unexplained(plans.again, again))
        shown |= {
            "sheltered": hit[0],
            "endangered": hit[1],
            "stands": len(again.plan.journeys),
            "options": [_plan(visit, on, one) for one in plans.again.alternatives()] if on else [],
        }
    return shown


def state_shown(visit: Visit) -> dict[str, Any]:
    """Return how far a search is."""
    again = visit.desk.ways.plans.again
    found = again.found()
    return {
        "thinking": again.thinking,
        "failed": again.failed,
        "best": found.options[0] if found else None,
        "ready": found is not None and any(one.weighed for one in found.options),
        "ended": visit.asked("was") == "1" and not again.thinking,
    }


def _stood(visit: Visit, needed: Iterable[tuple[Who, Who]]) -> list[tuple[Who, Who, int]]:
    """Add to who needs two people how many stand for it so far."""
    network = visit.desk.ways.network()
    return [
        (one, two, stood(visit, network, bytes.fromhex(one.id), bytes.fromhex(two.id)))
        for one, two in needed
    ]


# --- who is hit


def _unexplained(plans: PlansAgainApi, again: Again) -> frozenset[SheetId]:
    """Return the journeys that the search found to be hit; it sees what lacks room, too."""
    found, on = plans.found(), plans.on()
    if found is None or on is None or on.gathered.network is not again.gathered.network:
        return frozenset()
    return frozenset(on.standing[row].sheet.id for row in found.hit if row in on.standing)


def _hit(visit: Visit, again: Again, found: frozenset[SheetId]) -> tuple[list[Hit], list[Hit]]:
    """Return who has left, and who has not, that is hit."""
    blows: dict[SheetId, list[Blow]] = {one: [] for one in found}
    sheets = {one.sheet.id: one.sheet for one in again.standing.values()}
    for one in again.blows:
        blows.setdefault(one.journey.id, []).append(one)
        sheets[one.journey.id] = one.journey
    planned = {one.sheet.id for one in again.standing.values()}
    some: tuple[list[Hit], list[Hit]] = [], []
    for at, told in blows.items():
        begun = choice(sheets[at], "state") == "begun"
        party = again.gathered.network.named(sheets[at].text("party"), PARTY)
        if party is not None:
            texts = tuple(dict.fromkeys(_blow(visit, again, one, begun=begun) for one in told))
            texts = texts or (again_words.no_longer(visit.language, begun=begun),)
            name = label_of(visit, again.gathered.network, party)
            size = number(party, "size") or 0
            hit = Hit(name, path_of(sheets[at]), size, texts, at not in planned)
            some[0 if begun else 1].append(hit)
    return some


def _blow(visit: Visit, again: Again, one: Blow, *, begun: bool) -> str:
    words = again_words.blow(one.code, visit.language, begun=begun)
    if begun and one.code == "no_bed" and one.day == again.today:
        words = again_words.no_bed_tonight(visit.language)
    return words.format(
        what=label_of(visit, again.gathered.network, one.sheet),
        day=day_of(visit, again.date(one.day)),
    )


# --- plans


def _plan(visit: Visit, again: Again, one: Alternative) -> Plan:
    parties, now = again.gathered.parties, visit.desk.ways.network()

    def name(row: int) -> str:
        return label_of(visit, again.gathered.network, parties[row])

    broken = [change for change in one.changes if change.level and change.old is not None]
    return Plan(
        number=one.number,
        missed=one.option.late + one.option.unplanned,
        unhoused=one.option.unhoused,
        broken=tuple(label_of(visit, again.gathered.network, one.party) for one in broken),
        paying=tuple(
            (name(moved), name(missed), stood(visit, now, parties[moved].id, parties[missed].id))
            for moved, missed in one.option.expenses
        ),
        changes=tuple(_change(visit, again, change) for change in one.changes),
        weighed=bool(one.option.weighed),
    )


def _change(visit: Visit, again: Again, one: Change) -> Changed:
    return Changed(
        name=label_of(visit, again.gathered.network, one.party),
        path=path_of(one.party),
        size=number(one.party, "size") or 0,
        begun=one.begun,
        told=again_words.promised(one.level, visit.language, begun=one.begun),
        was=tuple(_was(visit, again, one)) or (again_words.no_journey(visit.language),),
        now=tuple(_now(visit, again, one)),
    )


def _was(visit: Visit, again: Again, one: Change) -> Iterator[str]:
    """Yield how it was to go from today on, by its sheets."""
    if one.standing is None:
        return
    for ride in one.standing.rides:
        yield from _standing_ride(visit, again, ride)
    for house, lodging in zip(one.standing.houses, one.standing.lodgings, strict=True):
        if lodging.leave > again.today:
            yield _night(visit, again, house, (lodging.first, lodging.leave))
    country = again.gathered.network.named(one.standing.sheet.text("country"), COUNTRY)
    if country is not None:
        yield _onward(visit, again, country, one.standing.sheet.text("leaves"))


def _now(visit: Visit, again: Again, one: Change) -> Iterator[str]:
    """Yield how it goes now."""
    language = visit.language
    if one.new is None:
        yield again_words.left_behind(language)
        return
    yield from _rides(visit, again, one)
    for lodging in one.new.lodgings:
        if lodging.leave > again.today:
            house = again.gathered.houses[lodging.house]
            yield _night(visit, again, house, (lodging.first, lodging.leave))
    if one.new.country is not None:
        country = again.gathered.countries[one.new.country]
        yield _onward(visit, again, country, again.date(one.new.lodgings[-1].leave))
    if one.bare is not None:
        yield again_words.bare(language).format(day=day_of(visit, again.date(one.bare)))


def _rides(visit: Visit, again: Again, one: Change) -> Iterator[str]:
    """Yield by which rides it goes now."""
    if one.proposed is not None:
        yield from _going(visit, again, one.proposed)
    for ride in one.still_ridden:
        yield from _standing_ride(visit, again, ride)
    for move in one.moves:
        yield _open_ride(visit, again, move)


def _going(visit: Visit, again: Again, one: Proposed) -> Iterator[str]:
    """Yield the rides of who has not left yet, and who goes along."""
    for hop, day in zip(one.hops, one.dates, strict=True):
        leg = label_of(visit, again.gathered.network, hop.leg.sheet)
        yield _ride(visit, leg, (day, hop.clock))
    if one.knower is not None:
        yield _along(visit, again, one.knower.sheet)


def _standing_ride(visit: Visit, again: Again, ride: Sheet) -> Iterator[str]:
    """Yield a ride of today or later, by its sheet; one without a leg is within a town."""
    if again.day(ride.text("day")) < again.today:
        return
    network, at = again.gathered.network, ride.text("leg")
    leg, escort = network.named(at, LEG), network.named(ride.text("escort"), ESCORT)
    name = again_words.within_town(visit.language) if not at else "–"
    name = name if leg is None else label_of(visit, network, leg)
    yield _ride(visit, name, (ride.text("day"), ride.text("at")))
    if escort is not None:
        yield _along(visit, again, escort)


def _ride(visit: Visit, leg: str, when: tuple[str, str]) -> str:
    words = again_words.ride(visit.language)
    return words.format(day=day_of(visit, when[0]), at=when[1] or "–", leg=leg)


def _along(visit: Visit, again: Again, escort: Sheet) -> str:
    name = label_of(visit, again.gathered.network, escort)
    return again_words.along(visit.language).format(escort=name)


def _open_ride(visit: Visit, again: Again, move: Moved) -> str:
    day, hop = day_of(visit, again.date(move.day)), move.hop
    name = label_of(visit, again.gathered.network, hop.leg.sheet) if hop else ""
    name = name or again_words.within_town(visit.language)
    return again_words.ride_open(visit.language).format(day=day, leg=name)


def _night(visit: Visit, again: Again, house: Sheet, days: tuple[int, int]) -> str:
    first, leave = days
    ends = leave < again.gathered.settings.days
    return again_words.night(visit.language, ends=ends).format(
        house=label_of(visit, again.gathered.network, house),
        day=day_of(visit, again.date(first)),
        end=day_of(visit, again.date(leave)),
    )


def _onward(visit: Visit, again: Again, country: Sheet, day: str) -> str:
    name = label_of(visit, again.gathered.network, country)
    return again_words.onward(visit.language).format(day=day_of(visit, day), country=name)


__all__ = ["page_shown", "state_shown"]
