# SPDX-License-Identifier: AGPL-3.0-or-later
"""The money of a case, what waits for one's word in all cases, and saying that word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from litestar import get, post

from safeconduct.edges.desk.forms import facts_in, parse_id
from safeconduct.edges.desk.looked import looked_at, looked_through
from safeconduct.edges.desk.pages.cases import STEP, found
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.rooms.cases import CaseFile, SheetId
from safeconduct.rooms.cases.costs import MONEY_PART, Cost, Status
from safeconduct.rooms.cases.money_decide import Word
from safeconduct.rooms.cases.money_facts import SAW_MOST
from safeconduct.rooms.cases.sheets import COST, SHEET_BYTES


@get("/cases/costs", sync_to_thread=True)
def see_waiting(visit: Here) -> Page:
    """Show which costs of all cases wait for whoever is here."""
    waiting, start = visit.desk.cases.money.waiting(), visit.start()
    rows = waiting[start : start + STEP]
    looked_through(visit, (one.cost.case for one in rows), (MONEY_PART,))
    return visit.page("costs_waiting.html", rows=rows, total=len(waiting), start=start, step=STEP)


@get("/cases/{name:str}/money", sync_to_thread=True)
def see_money(visit: Here, name: Named) -> Page:
    """Show the costs of a case, and remember that they were looked at."""
    case = found(visit, name)
    looked_at(visit, case, (MONEY_PART,))
    return visit.page("money.html", **_shown(visit, case))


@post("/cases/{name:str}/money/judged", sync_to_thread=True)
def judge(visit: Here, name: Named) -> Page:
    """Agree to a cost, or not."""
    case, form = found(visit, name), visit.form
    cost = SheetId(parse_id(form.get("cost"), SHEET_BYTES))
    said = Word(form.get("said") == "yes", form.get("words"), facts_in(form.get("saw"), SAW_MOST))
    try:
        visit.desk.cases.money.judge(case.id, cost, said)
    except SafeconductError as error:
        context = _shown(visit, case) | {"wrong": cost, "typed": said.words}
        return visit.refused(visit.why(error), "money.html", into="judged-refused", **context)
    return visit.onward(f"/cases/{name}/money", visit.say("Saved."))


def _shown(visit: Visit, case: CaseFile) -> dict[str, Any]:
    money = visit.desk.cases.money
    costs, office = money.costs(case.id), money.office()
    record = visit.desk.cases.records.record(case.id)
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "held": case.part(MONEY_PART) is not None,
        "record": record,
        "costs": costs,
        "limits": office.holds,
        "grants": {one.id: one for one in office.grants},
        "sums": _sums(costs, office.holds),
        "off": [one for one in record.off if one.kind == COST],
        "may_say": money.may_say,
        "writes": visit.desk.cases.may_write(),
        "wrong": None,
        "typed": "",
    }


def _sums(costs: Sequence[Cost], limits: Mapping[str, int]) -> list[tuple[str, dict[str, int]]]:
    """Return what is paid, may be paid and is asked for, by currency; of two amounts the higher."""
    found: dict[str, dict[str, int]] = {}
    for cost in costs:
        status = cost.status(limits)
        for currency in {one.currency for one in cost.amounts}:
            most = max(one.minor for one in cost.amounts if one.currency == currency)
            by = found.setdefault(currency, {one.value: 0 for one in Status})
            by[status.value] += most
    return sorted(found.items())


VIEWS: Final = (see_waiting, see_money, judge)
