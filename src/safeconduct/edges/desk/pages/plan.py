# SPDX-License-Identifier: AGPL-3.0-or-later
"""The plan of a case, saying that a task is done, and the tasks of all cases."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.looked import looked_at, looked_through
from safeconduct.edges.desk.pages.cases import STEP, found
from safeconduct.edges.desk.pages.records import saw
from safeconduct.edges.desk.sheet_places import place_of
from safeconduct.edges.desk.tasks_page import sorted_out, today_of
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.rooms.cases import CaseFile, Part, Sheet
from safeconduct.rooms.cases.plan import fold_plan
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.sheets import PLAN, SHEET_BYTES, TASK, parts_of

MINE: Final = "mine"
IN_ONE_PRESS: Final = ("state", "came")


@get("/cases/{name:str}/plan", sync_to_thread=True)
def see_plan(visit: Here, name: Named) -> Page:
    """Show the plan of a case, and remember that it was looked at."""
    case = found(visit, name)
    looked_at(visit, case, (Part.JOURNEY, Part.CONTACT))
    return visit.page("plan.html", **_plan(visit, case))


@post("/cases/{name:str}/plan/{task:str}/done", sync_to_thread=True)
def finish(visit: Here, name: Named, task: Named) -> Page:
    """Say that a task is done, and what came of it."""
    case, records = found(visit, name), visit.desk.cases.records
    sheet = records.record(case.id).sheet(parse_id(task, SHEET_BYTES), TASK)
    if sheet is None or sheet.kind != TASK:
        raise NotFoundException
    came, (state, before) = visit.form.get("came"), IN_ONE_PRESS
    typed = {
        (Part.JOURNEY, state): Typed("done", saw(visit.form.get("saw-state")), settles=True),
        (Part.JOURNEY, before): Typed(came, saw(visit.form.get("saw-came"))),
    }
    try:
        records.write(case.id, TASK, sheet.id, typed)
    except SafeconductError as error:
        context = _plan(visit, case) | {"wrong": sheet.id, "typed": came}
        into = f"done-{task}-refused"
        return visit.refused(visit.why(error), "plan.html", into=into, **context)
    return visit.onward(place_of(case.id, TASK, sheet.id), visit.say("Done."))


@get("/cases/tasks", sync_to_thread=True)
def see_tasks(visit: Here) -> Page:
    """Show the tasks of all cases that are mine, overdue, or nobody's."""
    tasks, start = sorted_out(visit), visit.start()
    show = asked if (asked := visit.asked("show")) in tasks else MINE
    rows = tasks[show][start : start + STEP]
    looked_through(visit, (one.case for one in rows), (Part.JOURNEY,))
    return visit.page(
        "tasks.html",
        rows=rows,
        show=show,
        counts={name: len(some) for name, some in tasks.items()},
        today=today_of(visit),
        total=len(tasks[show]),
        start=start,
        step=STEP,
    )


def _plan(visit: Visit, case: CaseFile) -> dict[str, Any]:
    record = visit.desk.cases.records.record(case.id)
    held = {one.part for one in case.parts}
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "record": record,
        "plan": fold_plan(record),
        "off": [one for one in record.off if one.kind in PLAN],
        "journey": Part.JOURNEY in held,
        "reviewable": any(part in held for part in parts_of("review")),
        "today": today_of(visit),
        "writes": visit.desk.cases.may_write(),
        "sees": _sees,
        "typed": "",
        "wrong": None,
    }


def _sees(sheet: Sheet) -> list[tuple[str, str]]:
    """Return the facts that stand in the fields that one press writes, by the fields."""
    return [
        (name, " ".join(said.fact.hex() for one in sheet.entered(name) for said in one.standing))
        for name in IN_ONE_PRESS
    ]


VIEWS: Final = (see_plan, finish, see_tasks)
