# SPDX-License-Identifier: AGPL-3.0-or-later
"""Planning journeys: who waits, a search, its proposal, approving it, and between whom to choose.

Who holds no book of journeys, or may not write there, finds nothing here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.planning_api import HORIZONS, SECONDS, Asked, JourneyPlansApi
from safeconduct.edges.desk.planning_page import local_of, page_shown, state_shown
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.sheets import SHEET_BYTES
from safeconduct.kernel.words import FACT_ID_BYTES, FactId
from safeconduct.rooms.passage.gathering.measures import CEILINGS, RATES

PATH: Final = "/ways/plan"
AGAIN: Final = "/ways/plan/again"
"""Where a choice is asked for as well."""
TEMPLATE: Final = "planning.html"


@get(PATH, sync_to_thread=True)
def see_planning(visit: Here) -> Page:
    """Show who waits, how far a search is, and what it proposes."""
    return visit.page(TEMPLATE, **page_shown(visit, _last(_plans(visit))))


@get("/ways/plan/state", sync_to_thread=True)
def see_state(visit: Here) -> Page:
    """Show how far a search is, again."""
    _plans(visit)
    return visit.part("regions/planning.html", **state_shown(visit))


@post("/ways/plan/begun", sync_to_thread=True)
def begin(visit: Here) -> Page:
    """Start a search."""
    asked = _asked(visit)
    return _do(visit, "begun", lambda: _plans(visit).begin(asked, local_of(visit)))


@post("/ways/plan/enough", sync_to_thread=True)
def stop(visit: Here) -> Page:
    """Stop the search and keep the best plan."""
    return _do(visit, "begun", _plans(visit).enough)


@post("/ways/plan/dropped", sync_to_thread=True)
def drop(visit: Here) -> Page:
    """Throw the plan away."""
    return _do(visit, "begun", _plans(visit).drop, visit.say("Thrown away."))


@post("/ways/plan/approved", sync_to_thread=True)
def approve(visit: Here) -> Page:
    """Write the journeys that were chosen."""
    plans, form = _plans(visit), visit.form
    proposal = plans.proposal()
    rows = {
        one.row for one in (proposal.proposed if proposal else ()) if form.get(f"row-{one.row}")
    }
    said = visit.say("Written: proposed journeys, and beds that are held. Nobody was told yet.")
    return _do(visit, "approved", lambda: plans.approve(rows, local_of(visit)), said)


@post("/ways/plan/chosen", sync_to_thread=True)
def choose(visit: Here) -> Page:
    """Put one party before others."""
    form, plans = visit.form, _plans(visit)
    first = parse_id(form.get("first"), SHEET_BYTES)
    behind = [one for one in (parse_id(form.get("behind"), SHEET_BYTES),) if one]
    said = visit.say("Saved. It counts once a colleague seconds it at their own desk.")
    back = AGAIN if form.get("back") == "again" else PATH
    return _do(visit, "chosen", lambda: plans.choose(first, behind, form.get("why")), said, back)


@post("/ways/plan/seconded", sync_to_thread=True)
def second(visit: Here) -> Page:
    """Stand for a colleague's choice."""
    plans, choice = _plans(visit), FactId(parse_id(visit.form.get("choice"), FACT_ID_BYTES))
    said = visit.say("Saved. Two people stand for it now, and it counts.")
    return _do(visit, "chosen", lambda: plans.second(choice), said)


def _do(
    visit: Visit, about: str, act: Callable[[], None], said: str = "", onward: str = PATH
) -> Page:
    try:
        act()
    except SafeconductError as error:
        asked = _asked(visit) if about == "begun" else _last(_plans(visit))
        context = page_shown(visit, asked, error) | {"about": about}
        return visit.refused(visit.why(error), TEMPLATE, into=f"{about}-refused", **context)
    return visit.onward(onward, said)


def _last(plans: JourneyPlansApi) -> Asked:
    """Return what was asked for last, so that the form shows it again."""
    proposal = plans.proposal()
    return proposal.asked if proposal else Asked()


def _asked(visit: Visit) -> Asked:
    """Return what a form asks for; what it does not say is as usual."""
    form, usual = visit.form, Asked()
    days = [one for one in HORIZONS if str(one) == form.get("days")]
    seconds = [one for one in SECONDS if str(one) == form.get("seconds")]
    promised = (name.removeprefix("anew-") for name in form.fields if name.startswith("anew-"))
    return Asked(
        days=days[0] if days else usual.days,
        seconds=seconds[0] if seconds else usual.seconds,
        ceiling=form.get("ceiling") if form.get("ceiling") in CEILINGS else usual.ceiling,
        rates=form.get("rates") if form.get("rates") in RATES else usual.rates,
        anyway=bool(form.get("anyway")),
        anew=frozenset(filter(None, (parse_id(one, SHEET_BYTES) for one in promised))),
    )


def _plans(visit: Visit) -> JourneyPlansApi:
    plans = visit.desk.ways.plans
    if not plans.shown():
        raise NotFoundException
    return plans


VIEWS: Final = (see_planning, see_state, begin, stop, drop, approve, choose, second)
