# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions about the plan that is proposed: why not sooner, who would pay, what would help most.

Who may not plan finds nothing here.  Neither a party nor a day ever stands in an address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.edges.desk.why_page import page_shown, state_shown
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.sheets import SHEET_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from safeconduct.edges.desk.planning_api import PlanWhysApi

PATH: Final = "/ways/plan/why"
TEMPLATE: Final = "why.html"


@get(PATH, sync_to_thread=True)
def see_why(visit: Here) -> Page:
    """Show what was asked of the plan, and what was answered."""
    _whys(visit)
    return visit.page(TEMPLATE, **page_shown(visit))


@get("/ways/plan/why/state", sync_to_thread=True)
def see_whether(visit: Here) -> Page:
    """Show whether something is still looked for, again."""
    _whys(visit)
    return visit.part("regions/why.html", **state_shown(visit))


@post("/ways/plan/why/asked", sync_to_thread=True)
def ask(visit: Here) -> Page:
    """Ask why a party does not leave by a day."""
    form = visit.form
    party = parse_id(form.get("party"), SHEET_BYTES)
    return _do(visit, "asked", lambda: _whys(visit).ask(party, form.get("day")))


@post("/ways/plan/why/forced", sync_to_thread=True)
def force(visit: Here) -> Page:
    """Ask who would pay if the party had to go by the day."""
    return _do(visit, "forced", _whys(visit).force)


@post("/ways/plan/why/helped", sync_to_thread=True)
def help_most(visit: Here) -> Page:
    """Ask what would help most."""
    return _do(visit, "helped", _whys(visit).help)


def _do(visit: Visit, about: str, act: Callable[[], None]) -> Page:
    _whys(visit)
    try:
        act()
    except SafeconductError as error:
        context = page_shown(visit) | {"about": about}
        return visit.refused(visit.why(error), TEMPLATE, into=f"{about}-refused", **context)
    return visit.onward(PATH)


def _whys(visit: Visit) -> PlanWhysApi:
    plans = visit.desk.ways.plans
    if not plans.shown():
        raise NotFoundException
    return plans.whys


VIEWS: Final = (see_why, see_whether, ask, force, help_most)
