# SPDX-License-Identifier: AGPL-3.0-or-later
"""Going along when a steward signed that the office's server is another one."""

from __future__ import annotations

from typing import Final

from litestar import get, post

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.moves_api import NoSuchMove
from safeconduct.edges.desk.visit import Here, Page
from safeconduct.kernel.words import FACT_ID_BYTES, FactId


@get("/moved", sync_to_thread=True)
def see_move(visit: Here) -> Page:
    """Show who signed for which server, again."""
    return visit.part("regions/onward.html", onward=visit.desk.moves.onward())


@post("/moved/along", sync_to_thread=True)
def go_along(visit: Here) -> Page:
    """Go over to it when this desk is opened next."""
    fact = FactId(parse_id(visit.form.get("fact"), FACT_ID_BYTES))
    try:
        visit.desk.moves.go_along(fact)
    except NoSuchMove as error:
        return visit.onward("/today", visit.why(error))
    return visit.onward("/today")


@post("/moved/stay", sync_to_thread=True)
def stay(visit: Here) -> Page:
    """Stay here after all."""
    visit.desk.moves.stay()
    return visit.onward("/today")


VIEWS: Final = (see_move, go_along, stay)
