# SPDX-License-Identifier: AGPL-3.0-or-later
"""Consent in a case: what people allowed and did not, the text that is read to them, and answers.

A desk that cannot read the contact part shows that it cannot, whatever stands there.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.consent_texts import LANGUAGES, ConsentText, consent_text
from safeconduct.edges.desk.forms import facts_in, parse_id
from safeconduct.edges.desk.looked import looked_at
from safeconduct.edges.desk.pages.cases import found
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import DAY, Instant
from safeconduct.rooms.cases import CaseFile, Part, Sheet
from safeconduct.rooms.cases.consent import (
    CONSENT_BYTES,
    DAYS_MOST,
    PURPOSES,
    REST,
    How,
    Purpose,
    day_of,
)
from safeconduct.rooms.cases.consent_decide import Answer, NoHasNoLimits, WrongAnswer
from safeconduct.rooms.cases.decide import SaidTooMuch
from safeconduct.rooms.cases.sheets import PERSON, SHEET_BYTES

SAW_MOST: Final = 256
TYPED: Final = "typed"
"""In place of a language: no text of ours was read, and what was said is typed in."""
ANOTHER: Final = "und"
"""The tag of a language that has no name here (BCP 47)."""
FIELDS: Final = (
    *("recipient", "other", "text", "language", "how", "through", "given", "until", "limits"),
)


class Question(NamedTuple):
    """Who is asked, what for, and which of the office's texts is read; None where one is typed."""

    person: Sheet
    purpose: Purpose
    text: ConsentText | None


@get("/cases/{name:str}/consent", sync_to_thread=True)
def see_consents(visit: Here, name: Named) -> Page:
    """Show what the people of a case allowed and did not, and where to ask one of them."""
    case = found(visit, name)
    looked_at(visit, case, (Part.CONTACT, Part.IDENTITY))
    return visit.page("consents.html", **_listed(visit, case))


@get("/cases/{name:str}/consent/ask", sync_to_thread=True)
def read_out(visit: Here, name: Named) -> Page:
    """Show the text that is read to somebody, and the form for what they answer."""
    case = found(visit, name)
    looked_at(visit, case, (Part.CONTACT, Part.IDENTITY))
    asked = {one: visit.asked(one) for one in ("person", "purpose", "read")}
    return visit.page("consent_ask.html", **_asking(visit, case, _question(visit, case, asked)))


@post("/cases/{name:str}/consent/saved", sync_to_thread=True)
def save_answer(visit: Here, name: Named) -> Page:
    """Write down that somebody said yes, or no."""
    case, answer = found(visit, name), visit.form.get("answer")
    asked = {one: visit.form.get(one) for one in ("person", "purpose", "read")}
    question, consents = _question(visit, case, asked), visit.desk.cases.consents
    if answer not in {"yes", "no"}:
        raise NotFoundException
    try:
        if answer == "yes":
            consents.give(case.id, _typed(visit, question))
        else:
            consents.refuse(case.id, _typed(visit, question))
    except SafeconductError as error:
        context = _asking(visit, case, question) | {"typed": _kept(visit)}
        context["wrong"] = error.names if isinstance(error, WrongAnswer | NoHasNoLimits) else ()
        into = "consent-refused"
        return visit.refused(visit.why(error), "consent_ask.html", into=into, **context)
    yes = visit.say("Written down. They can take it back whenever they like.")
    no = visit.say("Written down: they said no. Nobody asks them for the same in the next days.")
    return visit.onward(f"/cases/{name}/consent", yes if answer == "yes" else no)


@post("/cases/{name:str}/consent/withdrawn", sync_to_thread=True)
def take_back(visit: Here, name: Named) -> Page:
    """Write down that somebody took a consent back."""
    case, consent = found(visit, name), parse_id(visit.form.get("consent"), CONSENT_BYTES)
    try:
        visit.desk.cases.consents.withdraw(case.id, consent, visit.form.get("reason"))
    except SafeconductError as error:
        context = _listed(visit, case) | {"typed": visit.form.get("reason")}
        context["wrong"] = consent if isinstance(error, SaidTooMuch) else b""
        into = "withdrawal-refused"
        return visit.refused(visit.why(error), "consents.html", into=into, **context)
    said = visit.say("Written down: taken back. From now on nothing more is passed on under it.")
    return visit.onward(f"/cases/{name}/consent", said)


def _listed(visit: Visit, case: CaseFile) -> dict[str, Any]:
    consents = visit.desk.cases.consents.of(case.id)
    today = day_of(visit.desk.now())
    said = [
        (
            person,
            sorted(
                (one for one in consents.given if one.asking.person == person),
                key=lambda one: (not one.holds(today), one.said.until, one.fact),
            ),
            [one for one in consents.noes if one.asking.person == person and not one.withdrew],
        )
        for person in consents.persons
    ]
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "consents": consents,
        "said": said,
        "lapsing": [one for one in consents.given if one.lapses(today)],
        "persons": _people(visit, case),
        "purposes": tuple(Purpose),
        "texts": LANGUAGES,
        "typing": TYPED,
        "writes": visit.desk.cases.may_write(),
        "wrong": b"",
        "typed": "",
    }


def _asking(visit: Visit, case: CaseFile, question: Question) -> dict[str, Any]:
    person, purpose, text = question
    consents, today = visit.desk.cases.consents.of(case.id), day_of(visit.desk.now())
    shown = text or consent_text(purpose, visit.language)
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "consents": consents,
        "person": person,
        "purpose": purpose,
        "read": text.language if text else TYPED,
        "text": shown,
        "before": consents.said_no(person.id, purpose),
        "lately": consents.lately(person.id, purpose, today),
        "again": _instant(today + REST),
        "saw": [one.fact for one in consents.noes if one.asking.person == person.id],
        "ways": tuple(How),
        "another": ANOTHER,
        "writes": visit.desk.cases.may_write(),
        "typed": {"given": _field(today)},
        "most": _field(today + DAYS_MOST),
        "wrong": (),
    }


def _question(visit: Visit, case: CaseFile, asked: dict[str, str]) -> Question:
    raw, purpose = parse_id(asked["person"], SHEET_BYTES), PURPOSES.get(asked["purpose"])
    person = next((one for one in _people(visit, case) if one.id == raw), None)
    read = asked["read"]
    if person is None or purpose is None or read not in {*LANGUAGES, TYPED}:
        raise NotFoundException
    return Question(person, purpose, None if read == TYPED else consent_text(purpose, read))


def _typed(visit: Visit, question: Question) -> Answer:
    """Return the answer; the text of an office's own is the file's, whatever a form says."""
    form, text = visit.form, question.text
    said = {name: form.get(name) for name in FIELDS}
    if text:
        said |= {"text": text.whole, "language": text.language}
    return Answer(
        question.person.id,
        question.purpose.value,
        **said,
        version=text.version if text else 0,
        saw=facts_in(form.get("saw"), SAW_MOST),
    )


def _kept(visit: Visit) -> dict[str, str]:
    """Return what was typed, for the form to show again."""
    return {name: visit.form.get(name) for name in FIELDS}


def _people(visit: Visit, case: CaseFile) -> tuple[Sheet, ...]:
    return visit.desk.cases.records.record(case.id).of_kind(PERSON)


def _instant(day: int) -> Instant:
    return Instant(day * DAY)


def _field(day: int) -> str:
    """Return a day as a browser's field shows it."""
    return datetime.fromtimestamp(_instant(day) / 1000, UTC).strftime("%Y-%m-%d")


VIEWS: Final = (see_consents, read_out, save_answer, take_back)
