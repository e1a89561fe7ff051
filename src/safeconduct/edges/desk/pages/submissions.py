# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing in what phones filled in: files and the office's key, a case for each, a report."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post

from safeconduct.edges.desk.importing.found import (
    LookedMeanwhile,
    NoFileChosen,
    NoSubmissions,
    expecting,
)
from safeconduct.edges.desk.submissions import NEW
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.kernel.errors import SafeconductError

BODY_MOST: Final = 210 << 20
TEMPLATE: Final = "submissions.html"
PEM: Final = b"-----BEGIN"
SHOWN_MOST: Final = 200
"""So many are brought in at once: each has two fields of a form."""


@get("/submissions", sync_to_thread=True)
def see_submissions(visit: Here) -> Page:
    """Show what was read and waits, or what became of it."""
    return visit.page(TEMPLATE, **_shown(visit))


@post("/submissions/look", sync_to_thread=True, request_max_body_size=BODY_MOST)
def look_at_submissions(visit: Here) -> Page:
    """Read files; a key among them opens those that are encrypted, and is not kept."""
    keys = [one.content for one in visit.form.files if one.content.lstrip().startswith(PEM)]
    files = [one for one in visit.form.files if not one.content.lstrip().startswith(PEM)]
    try:
        if not files:
            raise NoFileChosen
        visit.desk.cases.submissions.look(files, keys[0] if keys else b"")
    except SafeconductError as error:
        why = visit.why(expecting(NoSubmissions, error))
        return visit.refused(why, TEMPLATE, into="submissions-refused", **_shown(visit))
    return visit.onward("/submissions")


@post("/submissions/bring", sync_to_thread=True)
def bring_submissions(visit: Here) -> Page:
    """Bring those into cases for which one was chosen."""
    chosen = {at: _choice(visit, at) for at in range(SHOWN_MOST)}
    try:
        if visit.form.get("looks") != str(visit.desk.cases.submissions.looks):
            raise LookedMeanwhile
        visit.desk.cases.submissions.bring(chosen)
    except SafeconductError as error:
        return visit.refused(
            visit.why(error), TEMPLATE, into="submissions-refused", **_shown(visit)
        )
    return visit.onward("/submissions")


@post("/submissions/drop", sync_to_thread=True)
def drop_submissions(visit: Here) -> Page:
    """Hold nothing of it any more."""
    visit.desk.cases.submissions.drop()
    return visit.onward("/submissions")


def _choice(visit: Visit, at: int) -> str:
    """Return where a submission goes: nowhere, a new case, the one that has it, or a name."""
    where = visit.form.get(f"where-{at}")
    return (
        visit.form.get(f"case-{at}") if where == "case" else where if where in {NEW, "same"} else ""
    )


def _shown(visit: Visit) -> dict[str, Any]:
    submissions = visit.desk.cases.submissions
    waiting = submissions.waiting
    return {
        "waiting": waiting[:SHOWN_MOST],
        "looks": submissions.looks,
        "more": max(0, len(waiting) - SHOWN_MOST),
        "troubles": submissions.troubles,
        "report": submissions.report,
        "opens": visit.desk.cases.may_open(),
        "writes": visit.desk.cases.may_write(),
    }


VIEWS: Final = (see_submissions, look_at_submissions, bring_submissions, drop_submissions)
