# SPDX-License-Identifier: AGPL-3.0-or-later
"""The risk of a case: what was judged and by whom, the form of an instrument, a second's word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import facts_in, parse_id
from safeconduct.edges.desk.instrument_texts import InstrumentText
from safeconduct.edges.desk.looked import looked_at, looked_through
from safeconduct.edges.desk.pages.cases import STEP, found
from safeconduct.edges.desk.risk_words import instrument
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import FACT_ID_BYTES, FactId
from safeconduct.rooms.cases import CaseFile, CaseRisk, Part
from safeconduct.rooms.cases.instruments import INSTRUMENTS, NEWEST, Instrument
from safeconduct.rooms.cases.office_instruments import (
    OfficeInstrument,
    find_instrument,
    newest_instruments,
)
from safeconduct.rooms.cases.risk import RISK_PART, SAID, Band, Said
from safeconduct.rooms.cases.risk_decide import Assessing, AssessmentLacks, Seconding
from safeconduct.rooms.cases.risk_due import Event, due
from safeconduct.rooms.cases.sheets import PERSON, SHEET_BYTES

BANDS_SHOWN: Final = (Band.HIGH, Band.MEDIUM, Band.STANDARD)
TYPED: Final = ("person", "band", "words", "changes", "due", "saw")
SAW_MOST: Final = 4_096
VERSION_DIGITS: Final = 10
"""Digits of the greatest version there is, 4,294,967,295."""


@get("/cases/risk", sync_to_thread=True)
def see_waiting(visit: Here) -> Page:
    """Show about which cases' risk something waits, longest first, but for those that ended."""
    cases, start = visit.desk.cases, visit.start()
    ended = {one.stages.case for one in cases.stages.all() if one.stages.ended}
    waiting = [one for one in cases.risks.waiting() if one.case not in ended]
    rows = waiting[start : start + STEP]
    looked_through(visit, (one.case for one in rows), (RISK_PART,))
    return visit.page(
        "risk_waiting.html",
        rows=rows,
        total=len(waiting),
        start=start,
        step=STEP,
    )


@get("/cases/{name:str}/risk", sync_to_thread=True)
def read_risk(visit: Here, name: Named) -> Page:
    """Show what stands of a case's risk, why it is to be assessed anew, and what stood before."""
    return visit.page("risk.html", **_shown(visit, _looked_at(visit, name)))


@get("/cases/{name:str}/risk/by/{instrument:str}", sync_to_thread=True)
def begin_assessment(visit: Here, name: Named, instrument: Named) -> Page:
    """Show the form of an instrument."""
    case = _looked_at(visit, name)
    by = _instrument(visit, case, instrument, "")
    return visit.page("risk_form.html", **_form(visit, case, by))


@post("/cases/{name:str}/risk/by/{instrument:str}/saved", sync_to_thread=True)
def assess(visit: Here, name: Named, instrument: Named) -> Page:
    """Judge in how great a danger a person is."""
    case = found(visit, name)
    by = _instrument(visit, case, instrument, visit.form.get("version"))
    try:
        visit.desk.cases.risks.assess(case.id, _assessing(visit, case, by))
    except SafeconductError as error:
        context = _form(visit, case, by) | _typed(visit, by) | _lacking(visit, error)
        return visit.refused(visit.why(error), "risk_form.html", into="risk-refused", **context)
    said = visit.say("Saved. It stands as the word of one person until a second has said theirs.")
    return visit.onward(f"/cases/{name}/risk", said)


@post("/cases/{name:str}/risk/second", sync_to_thread=True)
def second(visit: Here, name: Named) -> Page:
    """Say the same as a second person, or another band."""
    case = found(visit, name)
    fact = FactId(parse_id(visit.form.get("assessment"), FACT_ID_BYTES))
    said = Seconding(visit.form.get("band"), visit.form.get("words"))
    try:
        visit.desk.cases.risks.second(case.id, fact, said)
    except SafeconductError as error:
        context = _shown(visit, case) | {"typed": {"fact": fact, **said._asdict()}}
        return visit.refused(visit.why(error), "risk.html", into="second-refused", **context)
    return visit.onward(f"/cases/{name}/risk", visit.say("Saved. You are the second person."))


def _looked_at(visit: Visit, name: str) -> CaseFile:
    """Return the case of this address, and remember that the part of risk was looked at."""
    case = found(visit, name)
    looked_at(visit, case, (RISK_PART, Part.IDENTITY))
    return case


def _shown(visit: Visit, case: CaseFile) -> dict[str, Any]:
    work, now = visit.desk.cases, visit.desk.now()
    risk, events = work.risks.risk(case.id), work.risks.events(case.id)
    standing = [one for person in risk.people for one in person.standing]
    known = {one.person for one in risk.people}
    persons = work.records.record(case.id).of_kind(PERSON)
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "held": case.part(RISK_PART) is not None,
        "risk": risk,
        "persons": [one.id for one in persons],
        "unassessed": [one for one in persons if one.id not in known],
        "reasons": {one.fact: due(one, events, now) for one in standing},
        "may_second": work.risks.may_second,
        "instruments": (*NEWEST.values(), *(one.instrument for one in _own(visit))),
        "instrument_words": _words_by(visit),
        "bands": BANDS_SHOWN,
        "writes": work.may_write(),
        "typed": {},
    }


def _form(visit: Visit, case: CaseFile, by: Instrument) -> dict[str, Any]:
    risk, events = visit.desk.cases.risks.risk(case.id), visit.desk.cases.risks.events(case.id)
    record = visit.desk.cases.records.record(case.id)
    typed = dict.fromkeys(TYPED, "") | {"person": visit.asked("person")}
    typed["saw"] = " ".join(fact.hex() for fact in _to_see(risk, events))
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}/risk",
        "instrument": by,
        "instrument_words": _words_by(visit),
        "persons": record.of_kind(PERSON),
        "risk": risk,
        "events": events,
        "bands": BANDS_SHOWN,
        "says": tuple(Said),
        "writes": visit.desk.cases.may_write(),
        "typed": typed,
        "answers": {},
        "weighs": (),
        "wrong": frozenset(),
        "lacks": (),
    }


def _typed(visit: Visit, by: Instrument) -> dict[str, Any]:
    """Return what stood in a form that was refused."""
    return {
        "typed": {name: visit.form.get(name) for name in TYPED},
        "answers": _answers(visit, by),
        "weighs": _weighs(visit, by),
    }


def _lacking(visit: Visit, error: SafeconductError) -> dict[str, Any]:
    """Return which fields lack something, and each reason once."""
    found = error.found if isinstance(error, AssessmentLacks) else ()
    said = dict.fromkeys(visit.why(why) for _, why in found)
    return {"wrong": frozenset(name for name, _ in found), "lacks": tuple(said)}


def _assessing(visit: Visit, case: CaseFile, by: Instrument) -> Assessing:
    form, person = visit.form, parse_id(visit.form.get("person"), SHEET_BYTES)
    risks = visit.desk.cases.risks
    own = risks.risk(case.id).of(person)
    there = _to_see(CaseRisk(case.id, (own,) if own else ()), risks.events(case.id))
    shown = facts_in(form.get("saw"), SAW_MOST)
    return Assessing(
        person=person,
        instrument=by,
        answers=_answers(visit, by),
        weighs=_weighs(visit, by),
        band=form.get("band"),
        words=form.get("words"),
        changes=form.get("changes"),
        due=form.get("due"),
        saw=[fact for fact in there if fact in shown],
    )


def _to_see(risk: CaseRisk, events: Iterable[Event]) -> list[FactId]:
    """Return the facts that a form shows: what stands of these people, and what happened."""
    standing = [one.fact for person in risk.people for one in person.standing]
    return [*standing, *(one.fact for one in events)]


def _answers(visit: Visit, by: Instrument) -> Mapping[str, Said]:
    told = {name: visit.form.get(f"item-{name}") for name in by.items}
    return {name: SAID[one] for name, one in told.items() if one in SAID}


def _weighs(visit: Visit, by: Instrument) -> frozenset[str]:
    return frozenset(name for name in by.items if visit.form.get(f"weighs-{name}"))


def _instrument(visit: Visit, case: CaseFile, name: str, version: str) -> Instrument:
    """Return the version that a form was made with, or the newest."""
    if case.part(RISK_PART) is None:
        raise NotFoundException
    known = {one.name: one for one in (*NEWEST.values(), *(of.instrument for of in _own(visit)))}
    counts = version.isascii() and version.isdigit() and len(version) <= VERSION_DIGITS
    told = int(version) if counts else -1
    made = find_instrument(visit.desk.cases.forms.all(), name, told)
    found = INSTRUMENTS.get((name, told)) or (made.instrument if made else known.get(name))
    if found is None:
        raise NotFoundException
    return found


def _own(visit: Visit) -> Iterable[OfficeInstrument]:
    return newest_instruments(visit.desk.cases.forms.all())


def _words_by(visit: Visit) -> Callable[[str, int], InstrumentText | None]:
    forms = visit.desk.cases.forms.all()
    return lambda name, version: instrument(forms, name, version, visit.language)


VIEWS: Final = (see_waiting, read_risk, begin_assessment, assess, second)
