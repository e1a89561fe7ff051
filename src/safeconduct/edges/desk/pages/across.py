# SPDX-License-Identifier: AGPL-3.0-or-later
"""Across the cases held here: documents that run out, and who may be one person in two cases."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.looked import looked_through
from safeconduct.edges.desk.pages.cases import STEP
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.alike import Key, Where
from safeconduct.rooms.cases.pair_facts import OVER_MOST
from safeconduct.rooms.cases.pairs_decide import Word

ID_BYTES: Final = 16
IDS_IN_PAIR: Final = 4


@get("/cases/papers", sync_to_thread=True)
def see_papers(visit: Here) -> Page:
    """Show the documents that run out, soonest first."""
    papers, start = visit.desk.cases.across.papers(), visit.start()
    shown = papers[start : start + STEP]
    looked_through(visit, (one.case for _, one in shown), (Part.JOURNEY,))
    return visit.page(
        "papers.html",
        papers=shown,
        today=visit.words.today(visit.desk.now()),
        total=len(papers),
        start=start,
        step=STEP,
    )


@get("/cases/alike", sync_to_thread=True)
def see_alike(visit: Here) -> Page:
    """Show who may be the person of two cases, and what was said of it."""
    return visit.page("alike.html", **_pairs(visit))


@post("/cases/alike/judged", sync_to_thread=True)
def judge(visit: Here) -> Page:
    """Say of a pair whether it is one person."""
    key, why = _key(visit), visit.form.get("why")
    seen = (parse_id(one, ID_BYTES) for one in visit.form.get("saw").split()[:OVER_MOST])
    word = Word(visit.form.get("answer") == "same", why, frozenset(seen) - {b""})
    try:
        visit.desk.cases.across.judge(key, word)
    except SafeconductError as error:
        context = _pairs(visit) | {"wrong": key, "typed": why}
        return visit.refused(visit.why(error), "alike.html", into="pair-refused", **context)
    return visit.onward("/cases/alike", visit.say("Saved in the identity part of both cases."))


def _pairs(visit: Visit) -> dict[str, Any]:
    pairs, start = visit.desk.cases.across.pairs(), visit.start()
    shown = pairs[start : start + STEP]
    both = (at.case for one in shown for at in one.key)
    looked_through(visit, both, (Part.IDENTITY,))
    return {
        "pairs": shown,
        "writes": visit.desk.cases.may_write(),
        "wrong": None,
        "typed": "",
        "left": visit.desk.cases.across.left(),
        "total": len(pairs),
        "start": start,
        "step": STEP,
    }


def _key(visit: Visit) -> Key:
    """Return the pair that a form names: the case and the sheet of each, in order."""
    ids = [parse_id(one, ID_BYTES) for one in visit.form.get("pair").split()[: IDS_IN_PAIR + 1]]
    if len(ids) != IDS_IN_PAIR or not all(ids):
        raise NotFoundException
    one, sheet, other, sheet_too = (bytes(one or b"") for one in ids)
    return Where(CaseId(one), SheetId(sheet)), Where(CaseId(other), SheetId(sheet_too))


VIEWS: Final = (see_papers, see_alike, judge)
