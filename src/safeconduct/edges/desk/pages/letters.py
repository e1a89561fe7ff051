# SPDX-License-Identifier: AGPL-3.0-or-later
"""A letter of support: choose what stands in it, see it word for word, and make it."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.status_codes import HTTP_200_OK

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.letter_words import letter_words
from safeconduct.edges.desk.letters_api import DraftedLetter
from safeconduct.edges.desk.looked import looked_at
from safeconduct.edges.desk.pages.cases import found
from safeconduct.edges.desk.pages.exports import day_of, handed_out, words_of
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.rooms.cases import CaseFile, Part
from safeconduct.rooms.cases.consent import CONSENT_BYTES, Consent
from safeconduct.rooms.cases.letters import TypedLetter, WrongLetter, may_be_for

FORM: Final = "letter_form.html"
SEEN: Final = "letter_seen.html"
FIELDS: Final = ("language", "opening", "closing", "signed")
DIGEST_BYTES: Final = 32


@get("/cases/{name:str}/abroad/letter", sync_to_thread=True)
def begin_letter(visit: Here, name: Named) -> Page:
    """Show what may stand in a letter to whom somebody consented to; nothing is ticked."""
    case = found(visit, name)
    consent = _consent(visit, case, visit.asked("consent"))
    looked_at(visit, case, tuple(Part))
    typed = TypedLetter(visit.language, "", "", "", frozenset())
    return visit.page(FORM, **_form(visit, case, consent, typed))


@post("/cases/{name:str}/abroad/letter/seen", sync_to_thread=True)
def look_over_letter(visit: Here, name: Named) -> Page:
    """Show the letter word for word, or the form again."""
    case = found(visit, name)
    consent = _consent(visit, case, visit.form.get("consent"))
    looked_at(visit, case, tuple(Part))
    typed = _typed(visit, case, consent)
    if visit.form.get("back"):
        return visit.page(FORM, **_form(visit, case, consent, typed))
    try:
        drafted = visit.desk.cases.letters.draft(case.id, consent.id, typed)
    except SafeconductError as error:
        return _refused(visit, case, consent, error)
    return visit.page(SEEN, **_seen(visit, case, typed, drafted))


@post("/cases/{name:str}/abroad/letter/made", status_code=HTTP_200_OK, sync_to_thread=True)
def make_letter(visit: Here, name: Named) -> Response[Any]:
    """Give the letter, sealed or not."""
    case = found(visit, name)
    consent = _consent(visit, case, visit.form.get("consent"))
    typed, letters = _typed(visit, case, consent), visit.desk.cases.letters
    try:
        words, seen = words_of(visit), parse_id(visit.form.get("seen"), DIGEST_BYTES)
        content = letters.make(case.id, consent.id, typed, seen, words)
    except SafeconductError as error:
        if visit.form.get("script") == "1":
            return visit.tell_here(visit.why(error))
        return _refused(visit, case, consent, error)
    return handed_out(content, f"letter-{day_of(visit)}.html{'.age' if words else ''}")


def _consent(visit: Visit, case: CaseFile, named: str) -> Consent:
    """Return the consent under which a letter is written; whether it holds the gate says.

    Raises:
        NotFoundException: nobody of this case gave it for that, as far as can be read here.
    """
    one = visit.desk.cases.consents.of(case.id).consent(parse_id(named, CONSENT_BYTES))
    if one is None or not may_be_for(one):
        raise NotFoundException
    return one


def _typed(visit: Visit, case: CaseFile, consent: Consent) -> TypedLetter:
    form = visit.form
    lines = visit.desk.cases.letters.lines(case.id, consent.asking.person)
    ticked = frozenset(one.key for one in lines if form.get(f"line-{one.key.hex()}"))
    language, opening, closing, signed = (form.get(one) for one in FIELDS)
    return TypedLetter(language, opening, closing, signed, ticked)


def _form(visit: Visit, case: CaseFile, consent: Consent, typed: TypedLetter) -> dict[str, Any]:
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "consent": consent,
        "consents": visit.desk.cases.consents.of(case.id),
        "lines": visit.desk.cases.letters.lines(case.id, consent.asking.person),
        "typed": typed,
        "tongues": LANGUAGES,
        "wrong": (),
        "writes": visit.desk.cases.may_write(),
    }


def _refused(visit: Visit, case: CaseFile, consent: Consent, error: SafeconductError) -> Page:
    context = _form(visit, case, consent, _typed(visit, case, consent))
    context["wrong"] = error.names if isinstance(error, WrongLetter) else ()
    return visit.refused(visit.why(error), FORM, into="letter-refused", **context)


def _seen(
    visit: Visit, case: CaseFile, typed: TypedLetter, drafted: DraftedLetter
) -> dict[str, Any]:
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "seen": drafted,
        "speaks": letter_words(drafted.draft, visit.desk.now()),
        "typed": {one: getattr(typed, one) for one in FIELDS},
        "consents": visit.desk.cases.consents.of(case.id),
        "drawn": visit.desk.exports.words(visit.language),
    }


VIEWS: Final = (begin_letter, look_over_letter, make_letter)
