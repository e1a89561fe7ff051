# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages show of tasks in all cases: whose they are, and how many of mine are due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from safeconduct.edges.desk.plans_api import HeldTask
    from safeconduct.edges.desk.visit import Visit
    from safeconduct.kernel.words import DeviceId

PAPERS_SOON: Final = timedelta(days=60)
"""So long before they run out documents stand on Today: most offices take weeks to renew one."""


def today_of(visit: Visit) -> str:
    """Return the day that it is here, as tasks are written: `2017-04-03`."""
    return visit.words.field(visit.desk.now())[:10]


def own_devices(visit: Visit) -> frozenset[DeviceId]:
    """Return all devices of the person at this desk."""
    members, own = visit.desk.roster().members, visit.desk.device
    me = members.get(own)
    of_me = (one for one, member in members.items() if me and member.person == me.person)
    return frozenset({own, *of_me})


def sorted_out(visit: Visit) -> dict[str, list[HeldTask]]:
    """Return the open tasks of all cases that are mine, overdue, or nobody's."""
    tasks, own, today = visit.desk.cases.plans.tasks(), own_devices(visit), today_of(visit)
    return {
        "mine": [one for one in tasks if one.task.owned_by(own)],
        "overdue": [one for one in tasks if one.task.overdue(today)],
        "nobody": [one for one in tasks if not one.task.owners],
    }


def tasks_due(visit: Visit) -> dict[str, Any]:
    """Return how many tasks of mine are due today or overdue, for Today."""
    today, own = today_of(visit), own_devices(visit)
    tasks = visit.desk.cases.plans.tasks()
    mine = sum(one.task.owned_by(own) and one.task.due_by(today) for one in tasks)
    return {"tasks_due": mine}


def papers_due(visit: Visit) -> dict[str, Any]:
    """Return how many documents run out within 60 days, for Today; none that ran out already."""
    today = visit.words.today(visit.desk.now())
    papers = visit.desk.cases.across.papers()
    soon = sum(today <= paper.last <= today + PAPERS_SOON for _, paper in papers)
    return {"papers_due": soon}
