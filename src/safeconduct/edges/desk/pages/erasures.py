# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing a case: what goes and what stays, who asked and signed, and what was left afterwards."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post

from safeconduct.edges.desk.linked_page import linked
from safeconduct.edges.desk.pages.cases import decided, found
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.rooms.cases import CaseFile
from safeconduct.rooms.crew.case_erasure import WHYS


@get("/cases/{name:str}/erase", sync_to_thread=True)
def see_erasing(visit: Here, name: Named) -> Page:
    """Show what erasing this case would destroy and what stays, and what was asked."""
    return visit.page("erase.html", **_shown(visit, found(visit, name)))


@post("/cases/{name:str}/erase/asked", sync_to_thread=True)
def ask(visit: Here, name: Named) -> Page:
    """Ask to erase it."""
    case, why = found(visit, name), visit.form.get("why")
    try:
        visit.desk.cases.erasures.ask(case.id, why)
    except SafeconductError as error:
        context = _shown(visit, case) | {"typed": why}
        return visit.refused(visit.why(error), "erase.html", into="erase-refused", **context)
    said = visit.say("Asked. Nothing goes before a steward who is somebody else signs.")
    return visit.onward(f"/cases/{name}/erase", said)


@post("/cases/{name:str}/erase/seconded", sync_to_thread=True)
def second(visit: Here, name: Named) -> Page:
    """Sign as the second."""
    said = visit.say("Signed. It goes in a week, unless somebody stops it.")
    return decided(visit, name, visit.desk.cases.erasures.second, "erase", said)


@post("/cases/{name:str}/erase/stopped", sync_to_thread=True)
def stop(visit: Here, name: Named) -> Page:
    """Stop it."""
    said = visit.say("Stopped. Nothing is erased.")
    return decided(visit, name, visit.desk.cases.erasures.stop, "erase", said)


@get("/cases/erased", sync_to_thread=True)
def see_erased(visit: Here) -> Page:
    """Show which cases this desk erased, and what is left of them elsewhere."""
    desk = visit.desk
    return visit.page("erased.html", gone=desk.cases.erasures.gone(), erasure=desk.audit.erasure())


def _shown(visit: Visit, case: CaseFile) -> dict[str, Any]:
    erasures = visit.desk.cases.erasures
    asked = [
        (one, erasures.may_second(one.asked), erasures.may_stop(one.asked))
        for one in erasures.of(case.id)
    ]
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "asked": asked,
        "asks": erasures.may_ask() and not visit.people.out(),
        "whys": WHYS,
        "typed": "",
        "erasure": visit.desk.audit.erasure(),
        **linked(visit, case.id),
    }


VIEWS: Final = (see_erasing, ask, second, stop, see_erased)
