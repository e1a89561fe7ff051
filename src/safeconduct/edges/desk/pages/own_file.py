# SPDX-License-Identifier: AGPL-3.0-or-later
"""A person's own file: choose line by line what goes, have a steward sign, and make it."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.status_codes import HTTP_200_OK

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.looked import looked_at
from safeconduct.edges.desk.pages.cases import decided, found
from safeconduct.edges.desk.pages.exports import day_of, handed_out, words_of
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.kernel.words import FACT_ID_BYTES
from safeconduct.rooms.cases import CaseFile, Part, Sheet, SheetId
from safeconduct.rooms.cases.own_file import Choosing, OwnFile, OwnStage
from safeconduct.rooms.cases.own_file_facts import LINES_MOST
from safeconduct.rooms.cases.own_file_lines import Line
from safeconduct.rooms.cases.sheets import PERSON, SHEET_BYTES


@get("/cases/{name:str}/own", sync_to_thread=True)
def see_own(visit: Here, name: Named) -> Page:
    """Show the own files that were asked for in a case, and where to begin one."""
    case = found(visit, name)
    looked_at(visit, case, (Part.CONTACT,))
    return visit.page("own_files.html", **_listed(visit, case))


@get("/cases/{name:str}/own/choose", sync_to_thread=True)
def choose(visit: Here, name: Named) -> Page:
    """Show what is kept about a person, line by line, with what goes already ticked."""
    case = found(visit, name)
    person = _person(visit, case, visit.asked("person"))
    looked_at(visit, case, tuple(Part))
    context = _choices(visit, case, person)
    ticked = {one.key for one in context["lines"] if one.hers}
    return visit.page("own_file.html", **context, ticked=ticked, language=visit.language)


@post("/cases/{name:str}/own/asked", sync_to_thread=True)
def ask(visit: Here, name: Named) -> Page:
    """Ask a steward who is somebody else."""
    case, form = found(visit, name), visit.form
    person = _person(visit, case, form.get("person"))
    context = _choices(visit, case, person)
    lines = {one.key for one in context["lines"] if form.get(f"line-{one.key.hex()}")}
    talks = [one.id for one in context["talks"] if form.get(f"talk-{one.id.hex()}")]
    chosen = Choosing(person.id, form.get("language"), lines, talks)
    try:
        if chosen.language not in LANGUAGES:
            raise NotFoundException
        visit.desk.cases.own_files.ask(case.id, chosen)
    except SafeconductError as error:
        context |= {"ticked": {*lines, *talks}, "language": chosen.language}
        return visit.refused(visit.why(error), "own_file.html", into="own-refused", **context)
    said = visit.say("Asked. A steward who reads this case and is somebody else has to sign.")
    return visit.onward(f"/cases/{name}/own", said)


@post("/cases/{name:str}/own/seconded", sync_to_thread=True)
def second(visit: Here, name: Named) -> Page:
    """Sign as the second."""
    own_files = visit.desk.cases.own_files
    said = visit.say("Signed. The colleague who asked can make the file.")
    return decided(visit, name, own_files.second, "own", said)


@post("/cases/{name:str}/own/taken-back", sync_to_thread=True)
def take_back(visit: Here, name: Named) -> Page:
    """Want it no more."""
    own_files = visit.desk.cases.own_files
    said = visit.say("Taken back. No file can be made any more.")
    return decided(visit, name, own_files.take_back, "own", said)


@get("/cases/{name:str}/own/file/{fact:str}", sync_to_thread=True)
def see_asked(visit: Here, name: Named, fact: Named) -> Page:
    """Show what goes into a file, to whoever signs it, and the button to whoever makes it."""
    case = found(visit, name)
    looked_at(visit, case, tuple(Part))
    return visit.page("own_file_asked.html", **_of_one(visit, case, _asked(visit, case, fact)))


@post("/cases/{name:str}/own/file/{fact:str}/made", status_code=HTTP_200_OK, sync_to_thread=True)
def make(visit: Here, name: Named, fact: Named) -> Response[Any]:
    """Give the file, sealed or not."""
    case = found(visit, name)
    asked = _asked(visit, case, fact)
    try:
        words = words_of(visit)
        content = visit.desk.cases.own_files.make(case.id, asked.fact, words)
    except SafeconductError as error:
        if visit.form.get("script") == "1":
            return visit.tell_here(visit.why(error))
        context = _of_one(visit, case, asked)
        return visit.refused(
            visit.why(error), "own_file_asked.html", into="export-refused", **context
        )
    return handed_out(content, f"file-{day_of(visit)}.zip{'.age' if words else ''}")


def _listed(visit: Visit, case: CaseFile) -> dict[str, Any]:
    desk = visit.desk
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "persons": desk.cases.records.record(case.id).of_kind(PERSON),
        "names": {one.id: one.name for one in desk.cases.records.record(case.id).sheets},
        "asked": [(one, one.stage(desk.now())) for one in desk.cases.own_files.of(case.id)],
        "readable": case.part(Part.CONTACT) is not None,
        "writes": desk.cases.may_write(),
    }


def _choices(visit: Visit, case: CaseFile, person: Sheet) -> dict[str, Any]:
    every, start = visit.desk.cases.own_files.lines(case.id, person.id), visit.start()
    links = visit.desk.cases.links.of_case(case.id)
    talks = (visit.desk.conversation(one.talk) for one in links)
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "person": person,
        "lines": every[start : start + LINES_MOST],
        "total": len(every),
        "start": start,
        "step": LINES_MOST,
        "talks": [one for one in talks if one is not None],
        "missing": [one for one in Part if case.part(one) is None],
        "languages": {code: one.name for code, one in LANGUAGES.items()},
    }


def _of_one(visit: Visit, case: CaseFile, asked: OwnFile) -> dict[str, Any]:
    desk = visit.desk
    every: list[Line] = list(desk.cases.own_files.lines(case.id, asked.person))
    talks = (desk.conversation(one) for one in asked.talks)
    stage = asked.stage(desk.now())
    path = f"/cases/{case.id.hex()}"
    return {
        "case": case,
        "path": path,
        "asked": asked,
        "stage": stage,
        "lines": [one for one in every if one.key in asked.lines],
        "talks": [one for one in talks if one is not None],
        "seconds": desk.cases.own_files.may_second(asked),
        "makes": stage is OwnStage.SIGNED and asked.by == desk.device,
        "takes_back": stage in {OwnStage.WAITS, OwnStage.SIGNED} and asked.by == desk.device,
        "action": f"{path}/own/file/{asked.fact.hex()}/made",
        "drawn": desk.exports.words(visit.language),
    }


def _person(visit: Visit, case: CaseFile, typed: str) -> Sheet:
    raw = SheetId(parse_id(typed, SHEET_BYTES))
    record = visit.desk.cases.records.record(case.id)
    person = next((one for one in record.of_kind(PERSON) if one.id == raw), None)
    if person is None:
        raise NotFoundException
    return person


def _asked(visit: Visit, case: CaseFile, name: str) -> OwnFile:
    fact = parse_id(name, FACT_ID_BYTES)
    for one in visit.desk.cases.own_files.of(case.id):
        if one.fact == fact:
            return one
    raise NotFoundException


VIEWS: Final = (see_own, choose, ask, second, take_back, see_asked, make)
