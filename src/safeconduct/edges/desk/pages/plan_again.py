# SPDX-License-Identifier: AGPL-3.0-or-later
"""Planning again after something happened: who is hit, plans to choose from, and approving one.

Who holds no book of journeys, or may not write there, finds nothing here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk import again_words
from safeconduct.edges.desk.again_page import page_shown, state_shown
from safeconduct.edges.desk.planning_again_api import PlansAgainApi
from safeconduct.edges.desk.planning_api import SECONDS
from safeconduct.edges.desk.planning_page import local_of
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.kernel.errors import SafeconductError

PATH: Final = "/ways/plan/again"
TEMPLATE: Final = "plan_again.html"


@get(PATH, sync_to_thread=True)
def see_plan_again(visit: Here) -> Page:
    """Show who is hit, how far a search is, and what there is to choose."""
    _plans(visit)
    return visit.page(TEMPLATE, **page_shown(visit))


@get("/ways/plan/again/state", sync_to_thread=True)
def see_state_again(visit: Here) -> Page:
    """Show how far a search is, again."""
    _plans(visit)
    return visit.part("regions/plan_again.html", **state_shown(visit))


@post("/ways/plan/again/begun", sync_to_thread=True)
def begin_again(visit: Here) -> Page:
    """Start a search."""
    some = [one for one in SECONDS if str(one) == visit.form.get("seconds")]
    seconds = some[0] if some else SECONDS[0]
    return _do(visit, "begun", lambda: _plans(visit).begin(seconds, local_of(visit)))


@post("/ways/plan/again/enough", sync_to_thread=True)
def stop_again(visit: Here) -> Page:
    """Stop the search and keep its plans."""
    return _do(visit, "begun", _plans(visit).enough)


@post("/ways/plan/again/dropped", sync_to_thread=True)
def drop_again(visit: Here) -> Page:
    """Throw the plans away."""
    return _do(visit, "begun", _plans(visit).drop, visit.say("Thrown away."))


@post("/ways/plan/again/approved", sync_to_thread=True)
def approve_again(visit: Here) -> Page:
    """Write what one plan changes."""
    plans, typed = _plans(visit), visit.form.get("number")
    number = int(typed) if typed in {"0", "1", "2", "3"} else -1
    why = again_words.taken_off(visit.language)
    said = visit.say("Written. Tell whoever was told otherwise. A ride goes once two say go.")
    return _do(visit, "approved", lambda: plans.approve(number, local_of(visit), why), said)


def _do(visit: Visit, about: str, act: Callable[[], None], said: str = "") -> Page:
    try:
        act()
    except SafeconductError as error:
        context = page_shown(visit, error) | {"about": about}
        why = again_words.refused(error.code, visit.language) or visit.why(error)
        return visit.refused(why, TEMPLATE, into=f"{about}-refused", **context)
    return visit.onward(PATH, said)


def _plans(visit: Visit) -> PlansAgainApi:
    plans = visit.desk.ways.plans
    if not plans.shown():
        raise NotFoundException
    return plans.again


VIEWS: Final = (
    see_plan_again,
    see_state_again,
    begin_again,
    stop_again,
    drop_again,
    approve_again,
)
