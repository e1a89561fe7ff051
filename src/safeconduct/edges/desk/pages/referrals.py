# SPDX-License-Identifier: AGPL-3.0-or-later
"""Referrals to partners: what goes along is chosen, seen word for word, made, handed over.

A desk that cannot read the contact part shows that it cannot, whatever stands there.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk import referral_words
from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.i18n import LANGUAGES
from safeconduct.edges.desk.looked import looked_at
from safeconduct.edges.desk.pages.cases import found
from safeconduct.edges.desk.pages.referral_files import files_again, files_shown, typed_files
from safeconduct.edges.desk.referrals_api import Drafted, Package
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import DAY, FACT_ID_BYTES
from safeconduct.rooms.cases import CaseFile, Part
from safeconduct.rooms.cases.consent import CONSENT_BYTES, Consent
from safeconduct.rooms.cases.decide import SaidTooMuch
from safeconduct.rooms.cases.referral_files import NoCopyOfFile, ReferralFileGone, field_of
from safeconduct.rooms.cases.referrals_decide import (
    DAYS_MOST,
    ReferralChanged,
    TypedReferral,
    WrongReferral,
)
from safeconduct.rooms.cases.sheets import PERSON, SERVICE

WEEK: Final = 7
FIELDS: Final = ("language", "greeting", "words", "until", "service")
FORM: Final = "referral_form.html"


@get("/cases/{name:str}/referrals", sync_to_thread=True)
def see_referrals(visit: Here, name: Named) -> Page:
    """Show the referrals of a case, and how they stand."""
    case = found(visit, name)
    looked_at(visit, case, (Part.CONTACT,))
    return visit.page("referrals.html", **_listed(visit, case))


@get("/cases/{name:str}/referrals/new", sync_to_thread=True)
def choose(visit: Here, name: Named) -> Page:
    """Show what could go along to whom somebody consented to."""
    case = found(visit, name)
    consent = _consent(visit, case, visit.asked("consent"))
    looked_at(visit, case, tuple(Part))
    until = datetime.fromtimestamp((visit.desk.now() + WEEK * DAY) / 1000, UTC)
    typed = {
        "language": visit.language,
        "greeting": referral_words.greeting(visit.language),
        "until": until.strftime("%Y-%m-%d"),
    }
    context = _form(visit, case, consent)
    return visit.page(FORM, **context, typed=typed, ticked=frozenset(), along={})


@post("/cases/{name:str}/referrals/seen", sync_to_thread=True)
def look_over(visit: Here, name: Named) -> Page:
    """Show word for word what would go along, or the form again."""
    case = found(visit, name)
    consent = _consent(visit, case, visit.form.get("consent"))
    looked_at(visit, case, tuple(Part))
    if visit.form.get("back"):
        return visit.page(FORM, **_again(visit, case, consent))
    try:
        seen = visit.desk.cases.referrals.draft(case.id, _typed(visit, case, consent))
    except SafeconductError as error:
        return _refused(visit, case, consent, error)
    return visit.page("referral_seen.html", **_seen(visit, case, consent, seen))


@post("/cases/{name:str}/referrals/made", sync_to_thread=True)
def make(visit: Here, name: Named) -> Page:
    """Make it, and show its eight words, this once."""
    case = found(visit, name)
    consent = _consent(visit, case, visit.form.get("consent"))
    referrals, typed = visit.desk.cases.referrals, _typed(visit, case, consent)
    try:
        words = referrals.make(case.id, typed, visit.form.get("seen"))
    except ReferralChanged as error:
        try:
            seen = _seen(visit, case, consent, referrals.draft(case.id, typed))
        except SafeconductError as refused:
            return _refused(visit, case, consent, refused)
        into = "making-refused"
        return visit.refused(visit.why(error), "referral_seen.html", into=into, **seen)
    except SafeconductError as error:
        return _refused(visit, case, consent, error)
    path = f"/cases/{name}"
    return visit.page(
        "referral_drawn.html",
        case=case,
        path=path,
        drawn=words,
        recipient=typed.recipient,
        tongue=typed.language,
    )


@get("/cases/{name:str}/referrals/{fact:str}", sync_to_thread=True)
def look_before_handing(visit: Here, name: Named, fact: Named) -> Page:
    """Show what is handed over, word for word, or why it cannot be."""
    case = found(visit, name)
    try:
        package = visit.desk.cases.referrals.package(case.id, parse_id(fact, FACT_ID_BYTES))
    except SafeconductError as error:
        into = "referral-refused"
        return visit.refused(visit.why(error), "referrals.html", into=into, **_listed(visit, case))
    one = package.shown.referral
    names = (Part.IDENTITY,) if one.files else ()
    looked_at(visit, case, (Part.CONTACT, *names, *(piece.part for piece in one.pieces)))
    return visit.page("referral_hand.html", **_package(visit, case, package))


@post("/cases/{name:str}/referrals/handed", sync_to_thread=True)
def hand_over(visit: Here, name: Named) -> Page:
    """Seal it for who wrote with the words."""
    case, fact = found(visit, name), parse_id(visit.form.get("referral"), FACT_ID_BYTES)
    try:
        visit.desk.cases.referrals.hand_over(case.id, fact)
    except SafeconductError as error:
        into = "referral-refused"
        return visit.refused(visit.why(error), "referrals.html", into=into, **_listed(visit, case))
    said = visit.say("Handed over. They find it on our page, under the same words, for a week.")
    return visit.onward(f"/cases/{name}/referrals", said)


@post("/cases/{name:str}/referrals/withdrawn", sync_to_thread=True)
def take_back(visit: Here, name: Named) -> Page:
    """Withdraw it; the page says whether that was in time."""
    case, fact = found(visit, name), parse_id(visit.form.get("referral"), FACT_ID_BYTES)
    reason = visit.form.get("reason")
    try:
        visit.desk.cases.referrals.withdraw(case.id, fact, reason)
    except SafeconductError as error:
        wrong = fact if isinstance(error, SaidTooMuch) else b""
        context = _listed(visit, case) | {"typed": reason, "wrong": wrong}
        into = "referral-refused"
        return visit.refused(visit.why(error), "referrals.html", into=into, **context)
    return visit.onward(f"/cases/{name}/referrals", visit.say("Withdrawn."))


def _listed(visit: Visit, case: CaseFile) -> dict[str, Any]:
    referrals, record = visit.desk.cases.referrals, visit.desk.cases.records.record(case.id)
    known = referrals.of(case.id)
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "readable": known is not None,
        "referrals": known or (),
        "allowed": referrals.allowed(case.id),
        "consents": visit.desk.cases.consents.of(case.id),
        "services": {one.id: one for one in record.of_kind(SERVICE)},
        "writes": visit.desk.cases.may_write(),
        "wrong": b"",
        "typed": "",
    }


def _form(visit: Visit, case: CaseFile, consent: Consent) -> dict[str, Any]:
    record = visit.desk.cases.records.record(case.id)
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "consent": consent,
        "consents": visit.desk.cases.consents.of(case.id),
        "choices": visit.desk.cases.referrals.choices(case.id),
        "files": files_shown(visit, case.id),
        "persons": record.of_kind(PERSON),
        "record": record,
        "services": record.of_kind(SERVICE),
        "tongues": LANGUAGES,
        "most": DAYS_MOST,
        "wrong": (),
        "writes": visit.desk.cases.may_write(),
    }


def _again(visit: Visit, case: CaseFile, consent: Consent) -> dict[str, Any]:
    typed = {one: visit.form.get(one) for one in FIELDS}
    said = _typed(visit, case, consent)
    along = {one.blob: one for one in said.files}
    return _form(visit, case, consent) | {"typed": typed, "ticked": said.fields, "along": along}


def _refused(visit: Visit, case: CaseFile, consent: Consent, error: SafeconductError) -> Page:
    context = _again(visit, case, consent)
    context["wrong"] = error.names if isinstance(error, WrongReferral) else ()
    if isinstance(error, NoCopyOfFile | ReferralFileGone):
        context["wrong"] = (field_of(error.blob),)
    return visit.refused(visit.why(error), FORM, into="referral-refused", **context)


def _seen(visit: Visit, case: CaseFile, consent: Consent, seen: Drafted) -> dict[str, Any]:
    record = visit.desk.cases.records.record(case.id)
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "consent": consent,
        "consents": visit.desk.cases.consents.of(case.id),
        "seen": seen,
        "service": record.sheet(seen.draft.service, SERVICE),
        "typed": {one: visit.form.get(one) for one in FIELDS} | files_again(seen.draft.files),
        "record": record,
    }


def _package(visit: Visit, case: CaseFile, package: Package) -> dict[str, Any]:
    return {
        "case": case,
        "path": f"/cases/{case.id.hex()}",
        "package": package,
        "one": package.shown.referral,
        "record": visit.desk.cases.records.record(case.id),
    }


def _typed(visit: Visit, case: CaseFile, consent: Consent) -> TypedReferral:
    """Return what stands in the form; a sheet that is ticked as a whole brings all its fields."""
    form, fields = visit.form, set()
    for sheet, pieces in visit.desk.cases.referrals.choices(case.id):
        whole = bool(form.get(f"all-{sheet.kind}-{sheet.id.hex()}"))
        for one in pieces:
            if whole or form.get(f"go-{one.kind}-{one.sheet.hex()}-{one.field}"):
                fields.add((bytes(one.sheet), one.kind, one.field))
    language, greeting, words, until, service = map(form.get, FIELDS)
    to = consent.asking.person, consent.asking.recipient, language
    along = frozenset(fields), typed_files(visit, case.id)
    return TypedReferral(*to, greeting, words, until, service, *along)


def _consent(visit: Visit, case: CaseFile, named: str) -> Consent:
    """Return the consent under which something is chosen; where it holds no more the gate says so.

    Raises:
        NotFoundException: nobody of this case gave it, as far as can be read here.
    """
    raw = parse_id(named, CONSENT_BYTES)
    one = visit.desk.cases.consents.of(case.id).consent(raw)
    if one is None:
        raise NotFoundException
    return one


VIEWS: Final = (
    *(see_referrals, choose, look_over, make, look_before_handing, hand_over, take_back),
)
