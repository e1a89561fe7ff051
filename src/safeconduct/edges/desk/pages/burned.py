# SPDX-License-Identifier: AGPL-3.0-or-later
"""A house is burned, somebody was taken: who is revealed, one press, moves, calls, rehearsals.

A desk that cannot read the book of journeys has no such page.
"""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.burned_api import Knowers
from safeconduct.edges.desk.burned_page import WHY_MOST, drill_shown, drills_shown, knower_shown
from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.tasks_page import today_of
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.sheets import SHEET_BYTES
from safeconduct.kernel.words import FACT_ID_BYTES
from safeconduct.rooms.passage.burned.drills import Drill, NoSuchDrill, find
from safeconduct.rooms.passage.burned.knower import Kind, NoSuchKnower

KINDS: Final = {one.value: one for one in Kind}


@get("/drills", sync_to_thread=True)
def see_drills(visit: Here) -> Page:
    """Show the drills that were made, and when the last rehearsal was."""
    _need_shown(visit)
    return visit.page("drills.html", **drills_shown(visit))


@get("/burned/{kind:str}/{name:str}", sync_to_thread=True)
def see_knower(visit: Here, kind: Named, name: Named) -> Page:
    """Show who can be revealed, and what a press does, before anything is done."""
    return visit.page("burned.html", **_shown(visit, _knower(visit, kind, name)))


@post("/burned/{kind:str}/{name:str}/pressed", sync_to_thread=True)
def press(visit: Here, kind: Named, name: Named) -> Page:
    """Close and freeze, or write down that it was rehearsed."""
    of, form = _knower(visit, kind, name), visit.form
    rehearsal = form.get("act") == "rehearse"
    why = form.get("why").strip()[:WHY_MOST] or visit.say("Burned was pressed.")
    try:
        drill = visit.desk.burned.press(of, today_of(visit), why, rehearsal=rehearsal)
    except SafeconductError as error:
        context = _shown(visit, of)
        return visit.refused(visit.why(error), "burned.html", into="burned-refused", **context)
    said = (
        visit.say("This is a rehearsal. Nothing was closed and nothing was frozen.")
        if rehearsal
        else visit.say("Done: closed and frozen. Now the moves and the calls.")
    )
    return visit.onward(f"/drills/{drill.hex()}", said)


@get("/drills/{drill:str}", sync_to_thread=True)
def see_drill(visit: Here, drill: Named) -> Page:
    """Show the calls of a drill, the moves for tonight, and who can be revealed."""
    return visit.page("drill.html", **_made(visit, _drill(visit, drill)))


@post("/drills/{drill:str}/approved", sync_to_thread=True)
def approve(visit: Here, drill: Named) -> Page:
    """Write the moves that were chosen, or all that were shown."""
    found, fields = _drill(visit, drill), visit.form.fields
    begins = "all-" if visit.form.get("act") == "all" else "move-"
    keys = {name.removeprefix(begins) for name in fields if name.startswith(begins)}
    try:
        visit.desk.burned.approve(found.fact, today_of(visit), keys)
    except SafeconductError as error:
        context = _made(visit, found)
        return visit.refused(visit.why(error), "drill.html", into="moves-refused", **context)
    said = visit.say("Written: new beds are held, and the rides do not go. Nobody was told yet.")
    return visit.onward(f"/drills/{found.fact.hex()}", said)


@post("/drills/{drill:str}/ticked", sync_to_thread=True)
def tick(visit: Here, drill: Named) -> Page:
    """Write down whether somebody was reached."""
    found, form = _drill(visit, drill), visit.form
    whom = parse_id(form.get("whom"), SHEET_BYTES)
    context = _made(visit, found)
    if (form.get("kind"), whom) not in {one.call.whom for one in context["calls"]}:
        raise NotFoundException
    try:
        reached = form.get("act") == "reached"
        visit.desk.burned.tick(found.fact, (form.get("kind"), whom), reached=reached)
    except SafeconductError as error:
        context["about"] = "calls"
        return visit.refused(visit.why(error), "drill.html", into="calls-refused", **context)
    return visit.onward(f"/drills/{found.fact.hex()}#calls-title", visit.say("Saved."))


def _need_shown(visit: Visit) -> None:
    if not visit.desk.burned.shown():
        raise NotFoundException


def _knower(visit: Visit, kind: str, name: str) -> Knowers:
    """Return whom an address names."""
    _need_shown(visit)
    raw = parse_id(name, SHEET_BYTES)
    if kind not in KINDS or not raw:
        raise NotFoundException
    return Knowers(KINDS[kind], raw)


def _shown(visit: Visit, of: Knowers) -> dict[str, Any]:
    try:
        return knower_shown(visit, of)
    except NoSuchKnower as error:
        raise NotFoundException from error


def _drill(visit: Visit, name: str) -> Drill:
    _need_shown(visit)
    try:
        return find(visit.desk.burned.drills(), parse_id(name, FACT_ID_BYTES))
    except NoSuchDrill as error:
        raise NotFoundException from error


def _made(visit: Visit, drill: Drill) -> dict[str, Any]:
    try:
        return drill_shown(visit, drill)
    except NoSuchKnower as error:
        raise NotFoundException from error


VIEWS: Final = (see_drills, see_knower, press, see_drill, approve, tick)
