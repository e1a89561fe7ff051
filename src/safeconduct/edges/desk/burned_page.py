# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages of the burned drill show: who can be revealed, what a press does, moves and calls."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from safeconduct.edges.desk import ways_words
from safeconduct.edges.desk.burned_api import Knowers
from safeconduct.edges.desk.tasks_page import today_of
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.passage.burned.drills import Called, last_rehearsal
from safeconduct.rooms.passage.burned.knower import SHEETS, Kind
from safeconduct.rooms.passage.burned.revealed import Rank, Revealed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from safeconduct.edges.desk.burned_api import Looked
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.rooms.passage import Network
    from safeconduct.rooms.passage.burned.call_list import Call
    from safeconduct.rooms.passage.burned.drills import Drill, Tick
    from safeconduct.rooms.passage.burned.tracks import Key

LINES_MOST: Final = 200
"""So many lines of the ledger stand on a page; the gravest are first, and the number is said."""
WHY_MOST: Final = 400
STEP: Final = 40


class Ranked(NamedTuple):
    """Lines of the ledger that are as grave."""

    rank: Rank
    lines: Sequence[Revealed]


class Ticked(NamedTuple):
    """A call, and what was said of it."""

    call: Call
    state: Called
    ticks: Sequence[Tick]


def burns(visit: Visit, kind: str) -> Sequence[Kind]:
    """Return as what a sheet of a kind can be burned; nothing where this desk has no drills."""
    if not visit.desk.burned.shown():
        return ()
    return [one for one, kinds in SHEETS.items() if kind in kinds]


def knower_shown(visit: Visit, of: Knowers) -> dict[str, Any]:
    """Return what is shown before a press."""
    looked = visit.desk.burned.look(of, today_of(visit))
    return {
        **_looked(visit, of, looked),
        "path": f"/burned/{of.kind.value}/{of.id.hex()}",
        "calls": looked.calls,
        "presses": visit.desk.burned.may_press(),
        "why_most": WHY_MOST,
    }


def drill_shown(visit: Visit, drill: Drill) -> dict[str, Any]:
    """Return what is shown of a drill that was made; as the books stand now."""
    of = Knowers(Kind(drill.said.kind), drill.said.knower)
    looked = visit.desk.burned.look(of, today_of(visit))
    calls = [
        Ticked(one, drill.called(one.whom), drill.ticks.get(one.whom, ())) for one in looked.calls
    ]
    return {
        **_looked(visit, of, looked),
        "path": f"/drills/{drill.fact.hex()}",
        "drill": drill,
        "about": "",
        "calls": calls,
        "left": sum(one.state is not Called.REACHED for one in calls),
        "presses": visit.desk.burned.may_press(),
        "ticks": visit.desk.burned.may_tick(),
    }


def drills_shown(visit: Visit) -> dict[str, Any]:
    """Return what the list of drills shows, the newest first."""
    drills, network = visit.desk.burned.drills(), visit.desk.ways.network()
    last, start = last_rehearsal(drills), visit.start()
    rows = list(reversed(drills))
    return {
        "rows": [(one, _name(visit, network, one)) for one in rows[start : start + STEP]],
        "start": start,
        "total": len(rows),
        "step": STEP,
        "colleagues": visit.people.everyone(),
        "last": last,
        "ago": _ago(last.said.day, today_of(visit)) if last else 0,
    }


def _ago(day: str, today: str) -> int:
    return max(0, (date.fromisoformat(today) - date.fromisoformat(day)).days)


def _name(visit: Visit, network: Network, drill: Drill) -> str:
    """Name who was burned; nothing where it cannot be read here."""
    kind = Kind(drill.said.kind)
    if kind is Kind.COLLEAGUE:
        return visit.people.name(DeviceId(drill.said.knower))
    sheet = network.sheet(drill.said.knower, *SHEETS[kind])
    return ways_words.naming(network, visit.language).label(sheet) if sheet else ""


def _called(visit: Visit, looked: Looked) -> str:
    sheet = looked.ledger.knower.sheet
    if sheet is not None:
        return ways_words.naming(looked.network, visit.language).label(sheet)
    return next(visit.people.name(one) for one in sorted(looked.ledger.knower.devices))


def _looked(visit: Visit, of: Knowers, looked: Looked) -> dict[str, Any]:
    naming = ways_words.naming(looked.network, visit.language)
    lines = looked.ledger.lines
    shown = [
        Ranked(rank, list(some)) for rank, some in groupby(lines[:LINES_MOST], lambda one: one.rank)
    ]

    def named(key: Key) -> str:
        sheet = looked.network.named(key[1], key[0])
        if sheet is not None:
            return naming.label(sheet)
        return f"{naming.one(key[0])} {visit.desk.ways.code_name(bytes.fromhex(key[1]))}"

    return {
        "of": of,
        "who": _called(visit, looked),
        "naming": naming,
        "named": named,
        "ranked": shown,
        "total": len(lines),
        "more": max(0, len(lines) - LINES_MOST),
        "lacking": looked.ledger.lacking,
        "does": looked.burning,
        "moves": looked.moves,
        "suspends": of.kind is Kind.COLLEAGUE,
    }


__all__ = ["WHY_MOST", "burns", "drill_shown", "drills_shown", "knower_shown"]
