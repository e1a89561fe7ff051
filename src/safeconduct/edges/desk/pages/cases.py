# SPDX-License-Identifier: AGPL-3.0-or-later
"""Case files: those of which something can be read here, one of them, and asking for a part.

What this desk has no key to is answered in the same bytes as what was never there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.audit_api import DAILY
from safeconduct.edges.desk.cases_api import Chosen
from safeconduct.edges.desk.form_page import filled
from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.linked_page import begun, linked, talk_of
from safeconduct.edges.desk.record_page import recorded
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import FACT_ID_BYTES, CaseId, DeviceId, FactId, VaultId
from safeconduct.rooms.cases import CaseFile, Part
from safeconduct.rooms.crew.decide import HELPERS
from safeconduct.rooms.crew.words import Member

Decide = Callable[[CaseId, FactId], None]
Id = TypeVar("Id", DeviceId, VaultId)
CASE_ID_BYTES: Final = 16
STEP: Final = 40
PARTS: Final = {part.value: part for part in Part}


@get("/cases", sync_to_thread=True)
def see_cases(visit: Here) -> Page:
    """Show the cases of which something can be read here, and requests for keys."""
    return visit.page("cases.html", **_listed(visit))


@get("/cases/new", sync_to_thread=True)
def choose_readers(visit: Here) -> Page:
    """Show who is to read which part of a new case file."""
    return visit.page("case_new.html", **reader_choices(visit))


@post("/cases/opened", sync_to_thread=True)
def open_case(visit: Here) -> Page:
    """Open a case file for those who were chosen."""
    readers = readers_chosen(visit)
    devices = {part: one.devices for part, one in readers.items()}
    through = {part: one.teams for part, one in readers.items()}
    try:
        case = visit.desk.cases.open(devices, through)
    except SafeconductError as error:
        context = reader_choices(visit, readers)
        return visit.refused(visit.why(error), "case_new.html", into="opening-refused", **context)
    return visit.onward(f"/cases/{case.hex()}", begun(visit, case))


@get("/cases/ask", sync_to_thread=True)
def choose_part(visit: Here) -> Page:
    """Show the form that asks for a part of a case."""
    return visit.page(
        "case_ask.html", typed={"case": "", "part": "", "text": ""}, parts=tuple(Part)
    )


@post("/cases/asked", sync_to_thread=True)
def ask(visit: Here) -> Page:
    """Ask; what is answered is the same whether or not there is such a case."""
    typed = {name: visit.form.get(name) for name in ("case", "part", "text")}
    part = PARTS.get(typed["part"], Part.IDENTITY)
    try:
        visit.desk.cases.ask(typed["case"], part, typed["text"])
    except SafeconductError as error:
        context: dict[str, Any] = {"typed": typed, "parts": tuple(Part)}
        return visit.refused(visit.why(error), "case_ask.html", into="asking-refused", **context)
    said = visit.say(
        "Asked. Stewards see it, and whoever can give the key. You see the answer here."
    )
    return visit.onward("/cases", said)


@post("/cases/answered", sync_to_thread=True)
def answer(visit: Here) -> Page:
    """Give the key that somebody asked for, or say that it is not given."""
    fact = FactId(parse_id(visit.form.get("request"), FACT_ID_BYTES))
    give = visit.form.get("answer") == "give"
    try:
        visit.desk.cases.answer(fact, give=give, word=visit.form.get("text"))
    except SafeconductError as error:
        context = _listed(visit)
        return visit.refused(visit.why(error), "cases.html", into="answer-refused", **context)
    if give:
        said = visit.say("Given. Their desk can read this part when it hears of it.")
    else:
        said = visit.say("Your answer is kept. Whoever asked sees it, and so do all stewards.")
    return visit.onward("/cases", said)


@get("/cases/{name:str}", sync_to_thread=True)
def read_case(visit: Here, name: Named) -> Page:
    """Show the parts of a case that can be read here, and remember that they were looked at."""
    case = found(visit, name)
    visit.desk.cases.opened(case)
    return visit.page("case.html", **_shown(visit, case))


@post("/cases/{name:str}/note", sync_to_thread=True)
def write_note(visit: Here, name: Named) -> Page:
    """Write into a part."""
    case, part = found(visit, name), PARTS.get(visit.form.get("part"))
    if part is None:
        raise NotFoundException
    try:
        visit.desk.cases.note(case.id, part, visit.form.get("text"))
    except SafeconductError as error:
        typed = {part: visit.form.get("text")}
        context = _shown(visit, case) | {"typed": typed, "wrong": part}
        into = f"{part.value}-refused"
        return visit.refused(visit.why(error), "case.html", into=into, **context)
    return visit.onward(f"/cases/{name}", visit.say("Saved in this part of the case file."))


@get("/cases/{name:str}/{part:str}/who", sync_to_thread=True)
def see_who(visit: Here, name: Named, part: Named) -> Page:
    """Show who holds keys of a part that can be read here, asked for them, and opened it."""
    case, one, start = found(visit, name), PARTS.get(part), visit.start()
    if one is None or case.part(one) is None:
        raise NotFoundException
    reported, total = visit.desk.cases.reported(case.id, one, start=start, most=STEP)
    return visit.page(
        "case_who.html",
        case=case,
        path=f"/cases/{name}",
        of=one,
        seen=visit.desk.cases.who_can_see(case.id, one),
        asked=visit.desk.cases.asked_for(case.id, one),
        roster=visit.desk.roster(),
        reported=reported,
        daily=DAILY,
        total=total,
        start=start,
        step=STEP,
    )


def decided(visit: Visit, name: str, do: Decide, last: str, said: str) -> Page:
    """Do something with the fact that a form names, and lead back to a page of the case."""
    case, fact = found(visit, name), FactId(parse_id(visit.form.get("fact"), FACT_ID_BYTES))
    try:
        do(case.id, fact)
    except SafeconductError as error:
        said = visit.why(error)
    return visit.onward(f"/cases/{name}/{last}", said)


def found(visit: Visit, name: str) -> CaseFile:
    """Return what can be read of the case of this address, or the page that there is none."""
    raw = parse_id(name, CASE_ID_BYTES)
    case = visit.desk.cases.case(CaseId(raw)) if raw else None
    if case is None:
        raise NotFoundException
    return case


def _listed(visit: Visit) -> dict[str, Any]:
    cases, start = visit.desk.cases, visit.start()
    files, total = cases.files(start=start, most=STEP)
    asked = cases.requests()
    waits = [one for one in asked if not (one.mine or one.answered or one.request.given)]
    return {
        "files": files,
        "total": total,
        "start": start,
        "step": STEP,
        "waits": waits,
        "rest": [one for one in asked if one not in waits],
        "opens": cases.may_open(),
        "alike_waits": cases.across.waiting(),
    }


def readers_chosen(visit: Visit) -> dict[Part, Chosen]:
    """Return who was ticked to read which part of a new case."""
    ids, teams = [one.device.id for one in _members(visit)], visit.desk.teams.usable()
    return {
        part: Chosen(
            _ticked(visit, f"{part.value}-", ids),
            _ticked(visit, f"{part.value}-team-", [one.id for one in teams]),
        )
        for part in Part
    }


def reader_choices(visit: Visit, readers: Mapping[Part, Chosen] | None = None) -> dict[str, Any]:
    """Return what a form needs that asks who reads a new case: as chosen, or as proposed."""
    proposed = visit.desk.cases.proposed()
    chosen: dict[Part, set[bytes]] = {part: {*proposed[part]} for part in Part}
    if readers is not None:
        chosen = {part: {*one.devices, *one.teams} for part, one in readers.items()}
    return {
        "parts": tuple(Part),
        "members": _members(visit),
        "teams": visit.desk.teams.usable(),
        "chosen": chosen,
        "talk": talk_of(visit),
        "opens": visit.desk.cases.may_open(),
    }


def _members(visit: Visit) -> list[Member]:
    """Return those who could be given a part, by name; whoever opens the file reads all of it."""
    desk = visit.desk
    others = desk.roster().present() - {desk.device}
    everyone = visit.people.everyone()
    return [one for one in everyone if one.device.id in others and one.roles & HELPERS]


def _ticked(visit: Visit, prefix: str, ids: Iterable[Id]) -> set[Id]:
    return {one for one in ids if visit.form.get(f"{prefix}{one.hex()}")}


def _shown(visit: Visit, case: CaseFile) -> dict[str, Any]:
    who = visit.desk.cases.who_can_see
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "seen": {one.part: who(case.id, one.part) for one in case.parts},
        "writes": visit.desk.cases.may_write(),
        "typed": {},
        "wrong": None,
        "stages": visit.desk.cases.stages.of(case.id),
        "referrals": visit.desk.cases.referrals.of(case.id) or (),
        **linked(visit, case.id),
        **recorded(visit, case),
        **filled(visit, case),
    }


VIEWS: Final = (
    *(see_cases, choose_readers, open_case, choose_part, ask, answer),
    *(read_case, write_note, see_who),
)
