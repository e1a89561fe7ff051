# SPDX-License-Identifier: AGPL-3.0-or-later
"""The gate before every disclosure: it asks the consents that stand, and says why it stays shut."""

from __future__ import annotations

import pytest

from safeconduct.edges.desk.consent_texts import LANGUAGES, PARAGRAPHS, consent_text
from safeconduct.edges.desk.handoffs import need_consent
from safeconduct.edges.desk.i18n import LANGUAGES as OF_PAGES
from safeconduct.edges.desk.troubles import problem
from safeconduct.kernel.words import DAY, CaseId, Instant
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.consent import Asking, Purpose, WhyNot
from safeconduct.rooms.cases.consent_decide import Answer, NoConsent
from safeconduct.rooms.cases.consent_facts import TEXT_MOST, VERSION_MOST
from safeconduct.rooms.cases.record_decide import Typed as Field
from tests.kit.desk_twin import TwinDesk
from tests.kit.rehearsal import rehearsal_desk
from tests.unit.edges.desk.pages.test_consents import day_from


@pytest.fixture
def desk() -> TwinDesk:
    """A desk in memory."""
    return rehearsal_desk()[0]


def begun(desk: TwinDesk) -> tuple[CaseId, SheetId]:
    """A case with a person in its record."""
    case = desk.cases.open({})
    typed = {(Part.CONTACT, "languages"): Field("Russian")}
    return case, desk.cases.records.write(case, "person", None, typed)


def yes(desk: TwinDesk, person: SheetId) -> Answer:
    """What is typed when somebody allows a referral for ten days."""
    days = day_from(desk.now(), 0), day_from(desk.now(), 10), "No name."
    read = "What was read.", "ru", 1, "spoken", ""
    return Answer(person, "referral", "The clinic", "", *read, *days)


def shut(desk: TwinDesk, case: CaseId, asking: Asking, later: int = 0) -> WhyNot:
    """Why the gate stays shut."""
    with pytest.raises(NoConsent) as refused:
        need_consent(desk.cases.consents, case, asking, Instant(desk.now() + later * DAY))
    return refused.value.why


def test_nothing_is_passed_on_without_a_consent_that_holds(desk: TwinDesk) -> None:
    case, person = begun(desk)
    asking, consents = Asking(person, Purpose.REFERRAL, "the clinic"), desk.cases.consents
    assert shut(desk, case, asking) is WhyNot.NONE
    given = consents.give(case, yes(desk, person))
    found = need_consent(consents, case, asking, desk.now())
    assert (found.id, found.said.limits) == (given, "No name.")
    assert shut(desk, case, asking, later=11) is WhyNot.EXPIRED
    elsewhere = Asking(person, Purpose.REFERRAL, "The newspaper")
    assert shut(desk, case, elsewhere) is WhyNot.OTHER_RECIPIENT
    assert shut(desk, desk.cases.open({}), asking) is WhyNot.NONE
    consents.withdraw(case, given, "")
    assert shut(desk, case, asking) is WhyNot.WITHDRAWN


def test_a_no_and_a_missing_key_shut_the_gate(desk: TwinDesk) -> None:
    case, person = begun(desk)
    asking, consents = Asking(person, Purpose.REFERRAL, "The clinic"), desk.cases.consents
    consents.give(case, yes(desk, person))
    consents.refuse(case, yes(desk, person)._replace(limits=""))
    assert shut(desk, case, asking) is WhyNot.REFUSED
    consents.parts.clear()
    assert shut(desk, case, asking) is WhyNot.UNSEEN


@pytest.mark.parametrize("language", OF_PAGES)
def test_each_reason_says_what_it_is_and_what_to_do(language: str) -> None:
    said = {problem(NoConsent(why), language) for why in WhyNot}
    assert len(said) == len(WhyNot)
    assert all(len(one) > 60 for one in said)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_text_says_the_same_things_in_each_language_and_fits_into_a_fact(
    purpose: Purpose,
) -> None:
    first, *others = (consent_text(purpose, language) for language in LANGUAGES)
    assert len(first.paragraphs) == len(PARAGRAPHS)
    assert 0 < first.version <= VERSION_MOST
    for one in (first, *others):
        assert len(one.whole) <= TEXT_MOST
        assert one.version == first.version
        assert all(one.paragraphs)
    assert len({one.whole for one in (first, *others)}) == len(LANGUAGES)
