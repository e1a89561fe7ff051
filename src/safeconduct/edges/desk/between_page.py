# SPDX-License-Identifier: AGPL-3.0-or-later
"""Choices between parties in words: who was put before whom, who stands for it, what follows it.

Shown to whoever plans journeys, and to nobody else (spec/planning.md 7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from safeconduct.edges.desk import planning_words
from safeconduct.edges.desk.planning_names import label, path
from safeconduct.rooms.passage.between import choices_of, holds, journeys_of, put_before
from safeconduct.rooms.passage.kinds import JOURNEY, PARTY

if TYPE_CHECKING:
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.kernel.words import DeviceId
    from safeconduct.rooms.passage import Network, Sheet
    from safeconduct.rooms.passage.chosen import Choice


class Between(NamedTuple):
    """A choice between parties in words, and the two who stand for it."""

    id: str
    first: str
    behind: tuple[str, ...]
    why: str
    by: DeviceId
    second: DeviceId | None
    mine: bool
    """Whether somebody here may not second it."""
    gone: bool = False
    """Whether who chose stands on the roster no more: it never counts."""
    over: bool = False
    """Whether something else stands on a sheet of its parties by now."""
    journeys: tuple[tuple[str, str], ...] = ()
    """The journeys that follow it: their names and their addresses."""


def choices_shown(visit: Visit, network: Network) -> list[Between]:
    """Return the choices that hold, the newest first."""
    some = (one for one in reversed(network.choices) if holds(network, one))
    return [_between(visit, network, one) for one in some]


def followed_shown(visit: Visit, network: Network, sheet: Sheet | None) -> list[Between]:
    """Return the choices that a journey says it follows; none of anything else, or to others."""
    if sheet is None or sheet.kind != JOURNEY or not visit.desk.ways.plans.shown():
        return []
    people = visit.desk.ways.people()
    return [
        _between(visit, network, one)._replace(
            # Who stood for it stays named, whoever works here no more.
            second=next((by for by in one.seconds if not people.same(by, one.by)), None),
            mine=True,
            gone=False,
            journeys=(),
        )
        for one in choices_of(network, sheet)
    ]


def stood(visit: Visit, network: Network, first: bytes, behind: bytes) -> int:
    """Return how many stand for it that a party goes before another: two, one or nobody so far."""
    ways = visit.desk.ways
    if (first, behind) in put_before(network, ways.are_apart):
        return 2
    present = ways.people().present
    return int(any(
        one.first == first and behind in one.behind and one.by in present
        and not one.second(ways.are_apart) and holds(network, one)
        for one in network.choices
    ))  # fmt: skip


def _between(visit: Visit, network: Network, one: Choice) -> Between:
    ways = visit.desk.ways
    return Between(
        id=one.fact.hex(),
        first=_name(visit, network, one.first),
        behind=tuple(_name(visit, network, other) for other in one.behind),
        why=planning_words.why(one.why, visit.language),
        by=one.by,
        second=one.second(ways.are_apart),
        mine=ways.people().same(ways.own, one.by),
        gone=one.by not in ways.people().present,
        over=not holds(network, one),
        journeys=tuple(
            (label(visit, network, each), path(each)) for each in journeys_of(network, one)
        ),
    )


def _name(visit: Visit, network: Network, party: bytes) -> str:
    sheet = network.sheet(party, PARTY)
    return label(visit, network, sheet) if sheet else ""


__all__ = ["Between", "choices_shown", "followed_shown", "stood"]
