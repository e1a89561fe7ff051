# SPDX-License-Identifier: AGPL-3.0-or-later
"""From sheets of houses and countries to the rows of an operation: beds, needs, quotas, waiting.

What is burned, closed, resting or of a host who is arrested has no bed.  Quotas of a month, a year
or for good are given to some weeks whole, since an operation counts by weeks (spec/planning.md 4).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.money import amount_in
from safeconduct.rooms.passage.believed import choice, number, said
from safeconduct.rooms.passage.gathering.horizon import WEEK
from safeconduct.rooms.passage.gathering.measures import EXIT, NIGHT
from safeconduct.rooms.passage.kinds import (
    COUNTRY,
    CROSSING,
    DEPARTURE,
    HOUSE,
    HOUSEHOLD,
    LEG,
)
from safeconduct.rooms.passage.operations.fields import MOST, MOST_DAYS

if TYPE_CHECKING:
    from safeconduct.rooms.passage.fold import Sheet
    from safeconduct.rooms.passage.gathering.gather_parties import Waiting
    from safeconduct.rooms.passage.gathering.ground import Ground
    from safeconduct.rooms.passage.gathering.promised import Promised

COST_MOST: Final = 10_000
_YEAR: Final = len("2026")
_MONTH: Final = len("2026-11")
_TRUST: Final = tuple(NIGHT)


@dataclass(frozen=True, slots=True)
class Bedded:
    """A safe house with beds; `host` is who knows, or the house itself where nobody is named."""

    sheet: Sheet
    town: str
    host: str
    suits: tuple[bool, bool, bool]
    exposure: int
    beds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Exit:
    """A country that takes people; `processing` over papers, `quota` over weeks."""

    sheet: Sheet
    exposure: int
    cost: int
    processing: tuple[int | None, int | None, int | None]
    quota: tuple[int, ...]


# --- houses


def houses(ground: Ground, promised: Promised, parties: list[Waiting]) -> list[Bedded]:
    """Return the houses in which there is a bed for somebody who waits."""
    needs = {one.need for one in parties}
    found = (_house(ground, promised, sheet, needs) for sheet in ground.of_kind(HOUSE))
    return [one for one in found if one is not None]


def _house(ground: Ground, promised: Promised, sheet: Sheet, needs: set[str]) -> Bedded | None:
    if ground.burned(sheet):
        ground.bar("burned", sheet)
        return None
    if not ground.state(sheet, "fit"):
        return None
    town, host = ground.one(sheet, "town"), _host(ground, sheet)
    suits = _suits(sheet, needs)
    if max(ground.beds(sheet)) > MOST:
        ground.bar("too_large", sheet, "beds")
        return None
    ground.count(sheet, "beds")
    if not said(sheet, "suits"):
        ground.bar("not_said", sheet, "suits")
    if town is None or host is None or not any(suits):
        return None
    beds = _free(ground, promised, sheet)
    if not any(beds):
        return None
    ground.look_over(sheet)
    trust = [choice(sheet, "trust"), *([choice(host, "trust")] if host is not sheet else [])]
    exposure = NIGHT[min(trust, key=_TRUST.index)]
    return Bedded(sheet, town.id.hex(), host.id.hex(), suits, exposure, beds)


def _host(ground: Ground, sheet: Sheet) -> Sheet | None:
    """Return who keeps a house and can; the house itself where nobody is named."""
    values = set(filter(None, said(sheet, "host")))
    if not values:
        ground.doubt("not_said", sheet, "host")
        return sheet
    host = ground.one(sheet, "host")
    if host is None or host.kind != HOUSEHOLD or not ground.state(host, "ready"):
        return None
    ground.look_over(host)
    return host


def _suits(sheet: Sheet, needs: set[str]) -> tuple[bool, bool, bool]:
    """Tell for whom a house suits, by each word that stands.

    An operation knows one need of women and families: where both are looked for a house must suit
    both to count.
    """
    words = [frozenset(one.split()) for one in said(sheet, "suits")]
    suits = frozenset.intersection(*words) if words else frozenset()
    asked = {"women", "family"} & needs or {"women", "family"}
    return "any" in suits, asked <= suits, "medical" in suits


def _free(ground: Ground, promised: Promised, sheet: Sheet) -> tuple[int, ...]:
    """Return the beds of a house by night that nobody was promised."""
    beds, over = [], False
    for night, there in enumerate(ground.beds(sheet)):
        left = there - promised.beds[sheet.id.hex(), night]
        over = over or left < 0
        beds.append(max(0, left))
    if over:
        ground.contradict("overbooked", sheet)
    return tuple(beds)


# --- countries


def countries(ground: Ground, promised: Promised, parties: list[Waiting]) -> list[Exit]:
    """Return the countries that take somebody within the horizon."""
    largest = max((one.size for one in parties), default=1)
    currency = usual_currency(ground)
    found = []
    for sheet in ground.of_kind(COUNTRY):
        one = _country(ground, promised, sheet, largest)
        if one is not None:
            ground.look_over(sheet)
            cost = cost_of(ground, sheet, currency)
            found.append(Exit(sheet, one[0], cost, one[1], one[2]))
    return found


def _country(
    ground: Ground, promised: Promised, sheet: Sheet, largest: int
) -> tuple[int, tuple[int | None, int | None, int | None], tuple[int, ...]] | None:
    if not ground.state(sheet, "waits", "open"):
        return None
    quota, wait = ground.count(sheet, "quota"), number(sheet, "wait")
    if wait is None or wait > MOST_DAYS:
        ground.bar("not_said" if wait is None else "too_large", sheet, "wait")
    crossings = [one for one in ground.of_kind(CROSSING) if sheet.id.hex() in said(one, "country")]
    if wait is None or wait > MOST_DAYS or not quota:
        return None
    papers = choice(sheet, "accepts")
    processing = (
        wait if papers == "none" else None,
        wait if papers != "passport" else None,
        wait,
    )
    watched = min(
        (choice(one, "watched") for one in crossings), key=("no", "yes").index, default="yes"
    )
    weeks = _weeks(ground, promised, sheet, (quota, largest))
    open_weeks = _open_weeks(ground, sheet, crossings)
    free = tuple(n if is_open else 0 for n, is_open in zip(weeks, open_weeks, strict=True))
    return EXIT[watched], processing, free


def _open_weeks(ground: Ground, sheet: Sheet, crossings: list[Sheet]) -> list[bool]:
    """Tell of each week whether the country, and one crossing into it, is open on all its days."""
    days = ground.open_days(sheet)
    ways = [ground.open_days(one) for one in crossings]
    is_open = [day and (not ways or any(way[at] for way in ways)) for at, day in enumerate(days)]
    starts = range(0, len(days), WEEK)
    return [all(is_open[start : start + WEEK]) for start in starts]


def _weeks(
    ground: Ground, promised: Promised, sheet: Sheet, much: tuple[int, int]
) -> tuple[int, ...]:
    """Return how many can leave in each week, so that no quota is ever exceeded.

    `much` is the quota and the size of the largest party, which should fit into one week.
    """
    quota, largest = much
    horizon, per = ground.horizon, choice(sheet, "per")
    leaving = promised.leaving[sheet.id.hex()]
    weeks = range(horizon.weeks())
    if per == "week":
        left = Counter(dict.fromkeys(weeks, quota))
        for day, people in leaving:
            # Nobody knows where a country's week begins: the seven days before count to the first.
            left[max(0, day // WEEK) if day >= -WEEK else -1] -= people
        return tuple(max(0, left[week]) for week in weeks)
    long = {"month": _MONTH, "year": _YEAR}.get(per, 0)
    periods: dict[str, list[int]] = {}
    for week in weeks:
        ends = horizon.date(week * WEEK)[:long], horizon.date(week * WEEK + WEEK - 1)[:long]
        if ends[0] == ends[1]:
            periods.setdefault(ends[0], []).append(week)
    given: Counter[int] = Counter()
    for period, some in periods.items():
        gone = sum(people for day, people in leaving if horizon.date(day)[:long] == period)
        _give(given, some, max(0, quota - gone), largest)
    return tuple(given[week] for week in weeks)


def _give(given: Counter[int], weeks: list[int], quota: int, largest: int) -> None:
    """Give a quota to some of the weeks, spread over them in lots that the largest party fits."""
    lots = max(1, min(len(weeks), quota // largest))
    for lot in range(lots):
        week = weeks[(lot * len(weeks) + len(weeks) - 1) // lots if lots > 1 else -1]
        given[week] += quota // lots + (quota % lots if lot == lots - 1 else 0)


# --- money


def usual_currency(ground: Ground) -> str:
    """Return the currency in which most costs of ways and countries are written."""
    found: Counter[str] = Counter()
    for kind in (LEG, DEPARTURE, COUNTRY):
        for sheet in ground.of_kind(kind):
            amounts = (amount_in(one) for one in said(sheet, "cost") if one)
            found.update(one.currency for one in amounts if one is not None)
    return max(found, key=lambda one: (found[one], one), default="")


def cost_of(ground: Ground, sheet: Sheet, currency: str) -> int:
    """Return the greatest cost that stands on a sheet, in whole units of the usual currency."""
    most = 0
    for text in filter(None, said(sheet, "cost")):
        amount = amount_in(text)
        if amount is None or amount.currency != currency:
            ground.doubt("other_currency", sheet, "cost")
        else:
            most = max(most, int(amount.text.split()[1].partition(".")[0]))
    return min(most, COST_MOST)


__all__ = ["Bedded", "Exit", "cost_of", "countries", "houses", "usual_currency"]
