# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a case stands, what blocks it, its timeline; and how long stages take in all cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from litestar import get, post

from safeconduct.edges.desk.forms import facts_in, parse_id
from safeconduct.edges.desk.looked import looked_through
from safeconduct.edges.desk.moments import parse_moment
from safeconduct.edges.desk.pages.cases import STEP, found
from safeconduct.edges.desk.stage_drawing import draw
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import FACT_ID_BYTES, CaseId, FactId, Instant
from safeconduct.rooms.cases import CaseFile, CaseStages, Part
from safeconduct.rooms.cases.stage_facts import SEEN_MOST
from safeconduct.rooms.cases.stage_figures import figures
from safeconduct.rooms.cases.stages import STAGES
from safeconduct.rooms.cases.stages_decide import TypedStage
from safeconduct.rooms.cases.timeline import timeline

NO_TIME: Final = Instant(0)
"""What was typed is no time; it is refused as one that cannot be."""


@get("/cases/stages", sync_to_thread=True)
def see_all(visit: Here) -> Page:
    """Show how many cases are in each stage, how long it takes, and which wait longest."""
    cases, now, start = visit.desk.cases.stages.all(), visit.desk.now(), visit.start()
    counted = figures((one.stages for one in cases), now)
    waiting = counted.waiting[start : start + STEP]
    looked_through(visit, (one.stages.case for one in waiting), (Part.JOURNEY,))
    return visit.page(
        "stages_all.html",
        names={one.stages.case: one.name for one in cases},
        counted=counted,
        waiting=waiting,
        unsaid=counted.unsaid[:STEP],
        total=len(counted.waiting),
        start=start,
        step=STEP,
    )


@get("/cases/{name:str}/stages", sync_to_thread=True)
def see_stages(visit: Here, name: Named) -> Page:
    """Show where a case stands, the way so far, and its timeline."""
    case = found(visit, name)
    visit.desk.cases.opened(case)
    return visit.page("stages.html", **_shown(visit, case))


@post("/cases/{name:str}/stages/saved", sync_to_thread=True)
def move(visit: Here, name: Named) -> Page:
    """Move a case into a stage."""
    typed = _typed(visit)
    return _do(visit, name, "stage", lambda case: visit.desk.cases.stages.enter(case, typed))


@post("/cases/{name:str}/stages/blocked", sync_to_thread=True)
def block(visit: Here, name: Named) -> Page:
    """Say what blocks a case."""
    text = visit.form.get("text")
    return _do(visit, name, "block", lambda case: visit.desk.cases.stages.block(case, text))


@post("/cases/{name:str}/stages/lifted", sync_to_thread=True)
def lift(visit: Here, name: Named) -> Page:
    """Say that something blocks a case no longer."""
    fact = FactId(parse_id(visit.form.get("block"), FACT_ID_BYTES))
    note = visit.form.get("note")
    return _do(visit, name, "lift", lambda case: visit.desk.cases.stages.lift(case, fact, note))


def _do(visit: Visit, name: str, what: str, act: Callable[[CaseId], None]) -> Page:
    case = found(visit, name)
    try:
        act(case.id)
    except SafeconductError as error:
        context = _shown(visit, case) | {"wrong": what, "typed": visit.form.fields}
        return visit.refused(visit.why(error), "stages.html", into=f"{what}-refused", **context)
    return visit.onward(f"/cases/{name}/stages", visit.say("Saved in the journey of this case."))


def _typed(visit: Visit) -> TypedStage:
    form, since = visit.form, visit.form.get("since")
    return TypedStage(
        form.get("stage"),
        facts_in(form.get("saw"), SEEN_MOST),
        form.get("note"),
        (parse_moment(since, visit.front.zone) or NO_TIME) if since else None,
        confirmed=bool(form.get("confirmed")),
    )


def _shown(visit: Visit, case: CaseFile) -> dict[str, Any]:
    cases, now, start = visit.desk.cases, visit.desk.now(), visit.start()
    held = cases.stages.of(case.id)
    stages = CaseStages(case.id) if held is None else held
    referrals = [one.referral for one in cases.referrals.of(case.id) or ()]
    costs = cases.money.costs(case.id)
    happened = timeline(case, cases.records.record(case.id), stages, referrals, costs)
    return {
        "case": case,
        "up": f"/cases/{case.id.hex()}",
        "path": f"/cases/{case.id.hex()}/stages",
        "held": held is not None,
        "stages": stages,
        "all_stages": STAGES,
        "drawing": draw(stages, happened, now),
        "happened": happened[start : start + STEP],
        "total": len(happened),
        "start": start,
        "step": STEP,
        "writes": cases.may_write(),
        "typed": {},
        "wrong": None,
    }


VIEWS: Final = (see_all, see_stages, move, block, lift)
