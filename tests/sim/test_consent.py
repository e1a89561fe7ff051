# SPDX-License-Identifier: AGPL-3.0-or-later
"""Consent on real desks: two write without a connection, and no key shows no trace of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.engine.case_keys import case_fact
from safeconduct.edges.desk.handoffs import need_consent
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import DAY, CaseId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.consent import Asking, ConsentId, Purpose, WhyNot
from safeconduct.rooms.cases.consent_decide import Answer, NoConsent
from safeconduct.rooms.cases.consent_facts import ConsentWithdrawn
from safeconduct.rooms.cases.decide import MayNotWrite, NoSuchPart
from safeconduct.rooms.cases.record_decide import Typed as Field
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person, pass_on
from tests.sim.test_case_pages import Answers, answers, window_of
from tests.sim.test_cases import meet, opened, three_desks
from tests.unit.edges.desk.pages.window import Window


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def begun(office: Rehearsal, **readers: tuple[str, ...]) -> tuple[CaseId, SheetId]:
    """A case that all desks heard of, with a person in its record."""
    second = office.desks["second"]
    case = opened(office, second, **readers)
    typed = {(Part.CONTACT, "languages"): Field("Russian")}
    person = second.cases.records.write(case, "person", None, typed)
    meet(office)
    return case, person


def yes(desk: Desk, person: SheetId, recipient: str = "The clinic") -> Answer:
    """What is typed when somebody allows a referral."""
    now = desk.now() // 1000
    day, last = (datetime.fromtimestamp(now + n * DAY // 1000, UTC).date() for n in (0, 90))
    read = "", "What was read.", "ru", 1, "spoken", "", day.isoformat(), last.isoformat()
    return Answer(person, "referral", recipient, *read)


def gate(desk: Desk, case: CaseId, person: SheetId) -> ConsentId | WhyNot:
    """What the gate says of passing on to the clinic."""
    asking = Asking(person, Purpose.REFERRAL, "The clinic")
    try:
        return need_consent(desk.cases.consents, case, asking, desk.now()).id
    except NoConsent as refused:
        return refused.why


def test_a_yes_and_a_no_that_meet_are_a_no_until_somebody_asked_after_both(
    office: Rehearsal,
) -> None:
    first, second, _ = office.desks.values()
    case, person = begun(office)
    given = second.cases.consents.give(case, yes(second, person))
    first.cases.consents.refuse(case, yes(first, person, "the CLINIC"))
    assert gate(second, case, person) == given
    meet(office)
    assert gate(first, case, person) is gate(second, case, person) is WhyNot.REFUSED
    assert first.cases.consents.of(case) == second.cases.consents.of(case)
    saw = frozenset(one.fact for one in second.cases.consents.of(case).noes)
    anew = second.cases.consents.give(case, yes(second, person)._replace(saw=saw))
    meet(office)
    assert gate(first, case, person) == gate(second, case, person) == anew
    assert all(not verify_store(desk.journal).findings for desk in office.desks.values())


@pytest.mark.attack
def test_what_one_desk_takes_back_is_taken_back_from_what_another_wrote_unseen(
    office: Rehearsal,
) -> None:
    first, second, _ = office.desks.values()
    case, person = begun(office)
    given = second.cases.consents.give(case, yes(second, person))
    meet(office)
    first.cases.consents.withdraw(case, given, "Her uncle works there.")
    second.cases.consents.give(case, yes(second, person))
    meet(office)
    assert gate(first, case, person) is gate(second, case, person) is WhyNot.WITHDRAWN
    second.journal.read_again()
    assert second.cases.consents.of(case) == first.cases.consents.of(case)


def test_who_reads_and_may_not_write_writes_no_consent_down(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    case, person = begun(office, contact=("third",))
    given = second.cases.consents.give(case, yes(second, person))
    meet(office)
    assert gate(third, case, person) == given
    with pytest.raises(MayNotWrite):
        third.cases.consents.withdraw(case, given, "")
    with window_of(third) as window:
        page = window.pages.get(f"/cases/{case.hex()}/consent")
        assert "The clinic" in page.text
        assert "They took it back" not in page.text
    contact = third.cases.held.parts(third.cases.held.all()[0])[Part.CONTACT]
    third.journal.write([case_fact(contact, ConsentWithdrawn(case, given, ""))])
    pass_on(office, "third", "second")
    assert gate(second, case, person) == given


def seen(window: Window, desk: Desk, case: CaseId, person: SheetId) -> Answers:
    """All that a desk answers of a case, and of consent in it."""
    path = f"/cases/{case.hex()}/consent"
    paths = [path, f"{path}/ask?person={person.hex()}&purpose=referral&read=ru"]
    more = ((one, window.client.get(one)) for one in paths)
    told = {one: (answer.status_code, answer.content) for one, answer in more}
    return answers(window, desk, case, "clinic") | told


@pytest.mark.parametrize("part", ["health", ""])
def test_a_desk_without_the_contact_part_sees_the_same_bytes_whatever_was_said(
    office: Rehearsal, part: str
) -> None:
    _, second, third = office.desks.values()
    case, person = begun(office, **({part: ("third",)} if part else {}))
    with window_of(third) as window:
        before = seen(window, third, case, person)
        assert before[f"/cases/{case.hex()}/consent"][0] == (200 if part else 404)
        given = second.cases.consents.give(case, yes(second, person))
        second.cases.consents.refuse(case, yes(second, person, "The newspaper"))
        second.cases.consents.withdraw(case, given, "Her uncle works there.")
        meet(office)
        assert seen(window, third, case, person) == before
    assert gate(third, case, person) is WhyNot.UNSEEN
    with pytest.raises(NoSuchPart):
        third.cases.consents.give(case, yes(third, person))


@pytest.mark.attack
def test_a_conversation_of_a_case_goes_only_to_whom_somebody_of_it_said_yes(
    office: Rehearsal,
) -> None:
    first, second, _ = office.desks.values()
    case, person = begun(office)
    she = Person(office)
    she.write("Please send somebody.")
    meet(office)
    second.claim(she.conversation)
    assert second.exports.alone(she.conversation)
    second.cases.links.link(case, she.conversation)
    assert not second.exports.alone(she.conversation)
    what = {"reason": "A bed.", "recipient": "The clinic"}
    with pytest.raises(NoConsent) as refused:
        second.exports.ask([she.conversation], **what)
    assert refused.value.why is WhyNot.NONE
    given = second.cases.consents.give(case, yes(second, person))
    asked = second.exports.ask([she.conversation], **what)
    meet(office)
    first.exports.second(asked)
    meet(office)
    second.cases.consents.withdraw(case, given, "")
    with pytest.raises(NoConsent) as refused:
        second.exports.make(asked, "")
    assert refused.value.why is WhyNot.WITHDRAWN
