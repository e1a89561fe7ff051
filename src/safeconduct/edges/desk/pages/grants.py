# SPDX-License-Identifier: AGPL-3.0-or-later
"""Grants and what is left of them, the limits for costs, and reports to donors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.status_codes import HTTP_200_OK

from safeconduct.edges.desk.donor_file import donor_file
from safeconduct.edges.desk.filenames import disposition
from safeconduct.edges.desk.forms import facts_in, parse_id
from safeconduct.edges.desk.tasks_page import today_of
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.money import Amount
from safeconduct.kernel.words import FACT_ID_BYTES, FactId
from safeconduct.rooms.cases.donor_report import CASES_LEAST
from safeconduct.rooms.cases.grants import GRANT_BYTES, Grant
from safeconduct.rooms.cases.money_decide import ANY, TypedGrant
from safeconduct.rooms.cases.money_facts import SAW_MOST
from safeconduct.rooms.cases.record_decide import WrongFields
from safeconduct.rooms.cases.sheets import PURPOSES

TYPED: Final = ("name", "amount", "begins", "ends")
_EPOCH: Final = date(1970, 1, 1)


@get("/money", sync_to_thread=True)
def see_grants(visit: Here) -> Page:
    """Show what is left of every grant, and above how much two people agree."""
    return visit.page("grants.html", **_shown(visit))


@post("/money/limit", sync_to_thread=True)
def set_limit(visit: Here) -> Page:
    """Say above how much two people agree."""
    said = visit.say("Saved. A higher limit holds once a second person has agreed.")
    return _done(visit, lambda: visit.desk.cases.money.set_limit(visit.form.get("limit")), said)


@post("/money/limit/seconded", sync_to_thread=True)
def second_limit(visit: Here) -> Page:
    """Agree to a limit as a second person."""
    fact = FactId(parse_id(visit.form.get("fact"), FACT_ID_BYTES))
    said = visit.say("Saved. You are the second person.")
    return _done(visit, lambda: visit.desk.cases.money.second_limit(fact), said)


@get("/money/grants/new", sync_to_thread=True)
def begin_grant(visit: Here) -> Page:
    """Show an empty form of a grant."""
    return visit.page("grant_form.html", **_form(visit, None))


@post("/money/grants/new/saved", sync_to_thread=True)
def add_grant(visit: Here) -> Page:
    """Write a new grant."""
    return _save(visit, None)


@get("/money/grants/{name:str}", sync_to_thread=True)
def see_grant(visit: Here, name: Named) -> Page:
    """Show a grant in a form."""
    return visit.page("grant_form.html", **_form(visit, _grant(visit, name)))


@post("/money/grants/{name:str}/saved", sync_to_thread=True)
def change_grant(visit: Here, name: Named) -> Page:
    """Write what was changed in a grant."""
    return _save(visit, _grant(visit, name))


@get("/money/grants/{name:str}/report", sync_to_thread=True)
def see_report(visit: Here, name: Named) -> Page:
    """Show what a donor would be told."""
    return visit.page("donor_report.html", **_report(visit, _grant(visit, name)))


@post("/money/grants/{name:str}/report/made", status_code=HTTP_200_OK, sync_to_thread=True)
def make_report(visit: Here, name: Named) -> Response[Any]:
    """Give the same as a file, once it is written down who took it."""
    grant = _grant(visit, name)
    try:
        report = visit.desk.cases.money.make_report(grant)
    except SafeconductError as error:
        why, context = visit.why(error), _report(visit, grant)
        return visit.refused(why, "donor_report.html", into="report-refused", **context)
    file = f"report-{today_of(visit)}.csv"
    headers = {"Content-Disposition": disposition(file), "X-Download-Options": "noopen"}
    content = donor_file(report, visit.language)
    return Response(content, media_type="application/octet-stream", headers=headers)


def _shown(visit: Visit) -> dict[str, Any]:
    money = visit.desk.cases.money
    office = money.office()
    return {
        "budgets": money.budgets(),
        "holds": sorted(office.holds.items()),
        "limits": [one for one in office.limits if one.stands],
        "may_second": money.may_second,
        "keeps": money.keeps(),
        "day": day_text,
        "typed": "",
    }


def _done(visit: Visit, do: Callable[[], None], said: str) -> Page:
    try:
        do()
    except SafeconductError as error:
        context = _shown(visit) | {"typed": visit.form.get("limit")}
        return visit.refused(visit.why(error), "grants.html", into="limit-refused", **context)
    return visit.onward("/money", said)


def _form(visit: Visit, grant: Grant | None) -> dict[str, Any]:
    typed, lines, saw = dict.fromkeys(TYPED, ""), dict.fromkeys(PURPOSES, ""), ""
    if grant is not None:
        told = grant.name, grant.amount.text, day_text(grant.begins), day_text(grant.ends)
        typed = dict(zip(TYPED, told, strict=True))
        own = grant.amount.currency
        lines |= {one: Amount(own, up).text if up else ANY for one, up in grant.lines.items()}
        saw = " ".join(fact.hex() for fact in grant.standing)
    return {
        "grant": grant,
        "path": f"/money/grants/{grant.id.hex() if grant else 'new'}",
        "purposes": PURPOSES,
        "any": ANY,
        "keeps": visit.desk.cases.money.keeps(),
        "typed": typed,
        "lines": lines,
        "saw": saw,
        "wrong": (),
    }


def _save(visit: Visit, grant: Grant | None) -> Page:
    form = visit.form
    lines = {one: form.get(f"most-{one}") or ANY for one in PURPOSES if form.get(f"for-{one}")}
    told = {name: form.get(name) for name in TYPED}
    saw = facts_in(form.get("saw"), SAW_MOST)
    try:
        typed = TypedGrant(**told, lines=lines, saw=saw)
        visit.desk.cases.money.write_grant(grant.id if grant else None, typed)
    except SafeconductError as error:
        wrong = error.names if isinstance(error, WrongFields) else ()
        context = _form(visit, grant) | {"typed": told, "wrong": wrong, "saw": form.get("saw")}
        context["lines"] = dict.fromkeys(PURPOSES, "") | lines
        return visit.refused(visit.why(error), "grant_form.html", into="grant-refused", **context)
    return visit.onward("/money", visit.say("Saved."))


def _report(visit: Visit, grant: Grant) -> dict[str, Any]:
    money = visit.desk.cases.money
    return {
        "grant": grant,
        "path": f"/money/grants/{grant.id.hex()}",
        "report": money.report(grant),
        "unclear": money.unclear(grant),
        "least": CASES_LEAST,
        "keeps": money.keeps(),
        "day": day_text,
    }


def _grant(visit: Visit, name: str) -> Grant:
    raw = parse_id(name, GRANT_BYTES)
    grant = visit.desk.cases.money.office().grant(raw) if raw else None
    if grant is None:
        raise NotFoundException
    return grant


def day_text(day: int) -> str:
    """Return a day since 1970 as it is typed: `2017-04-03`."""
    try:
        return (_EPOCH + timedelta(days=day)).isoformat()
    except OverflowError:
        return date.max.isoformat()


VIEWS: Final = (
    *(see_grants, set_limit, second_limit, begin_grant, add_grant, see_grant, change_grant),
    *(see_report, make_report),
)
