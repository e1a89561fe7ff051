# SPDX-License-Identifier: AGPL-3.0-or-later
"""Risk on real desks: two judge offline and meet, and who has no key sees the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.office import Desk
from safeconduct.kernel.words import DAY, CaseId, FactId
from safeconduct.rooms.cases import Part, SheetId
from safeconduct.rooms.cases.decide import MayNotWrite, NoSuchPart
from safeconduct.rooms.cases.instruments import OFFICE
from safeconduct.rooms.cases.record_decide import Typed
from safeconduct.rooms.cases.risk import Assessment, Band, PersonRisk, Said, Standing
from safeconduct.rooms.cases.risk_decide import Assessing, SameAssessor, Seconding
from safeconduct.rooms.cases.risk_due import Why
from safeconduct.rooms.cases.stages_decide import TypedStage
from tests.sim.courier import Rehearsal
from tests.sim.steps import Person
from tests.sim.test_bulletins import GROUP, telling
from tests.sim.test_case_pages import answers, window_of
from tests.sim.test_cases import meet, opened, three_desks

WORD = "unmistakable"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Rehearsal]:
    """A steward, a case worker and an operator, each online."""
    with three_desks(tmp_path) as rehearsal:
        yield rehearsal


def asks(office: Rehearsal, desk: Desk, case: CaseId) -> SheetId:
    """Somebody on the record of a case, whom every desk has heard of."""
    typed = {(Part.JOURNEY, "stands"): Typed("asks")}
    person = desk.cases.records.write(case, "person", None, typed)
    meet(office)
    return person


def judge(
    desk: Desk, case: CaseId, person: SheetId, band: str = "high", saw: tuple[FactId, ...] = ()
) -> None:
    """Let somebody judge at a desk."""
    day = date(1970, 1, 1) + timedelta(days=desk.now() // DAY + 14)
    said = {"sought": Said.YES}, ("sought",), band, f"An {WORD} coat.", "She leaves."
    desk.cases.risks.assess(case, Assessing(person, OFFICE, *said, day.isoformat(), saw))


def of(desk: Desk, case: CaseId) -> PersonRisk:
    """What a desk holds of the one person of a case."""
    (found,) = desk.cases.risks.risk(case).people
    return found


def one(desk: Desk, case: CaseId) -> Assessment:
    """What stands there."""
    (found,) = of(desk, case).standing
    return found


def test_one_judges_another_agrees_and_every_desk_says_the_same(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case = opened(office, second)
    person = asks(office, second, case)
    judge(second, case, person)
    with pytest.raises(SameAssessor):
        second.cases.risks.second(case, one(second, case).fact, Seconding("high"))
    assert not second.cases.risks.may_second(one(second, case))
    meet(office)
    assert first.cases.risks.may_second(one(first, case))
    first.cases.risks.second(case, one(first, case).fact, Seconding("high"))
    meet(office)
    assert of(first, case) == of(second, case)
    found = one(second, case)
    assert (found.band, found.standing) == (Band.HIGH, Standing.OF_TWO)
    assert (found.by, found.seconds[0].by) == (second.device, first.device)
    assert all(not verify_store(desk.journal).findings for desk in office.desks.values())


def test_words_of_assessments_are_found_where_the_journey_is_held(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    judge(second, case, asks(office, second, case))
    meet(office)
    said = Seconding("medium", "Two unmistakable brothers.")
    first.cases.risks.second(case, one(first, case).fact, said)
    meet(office)
    found = [(hit.kind, hit.parts, hit.place) for hit in first.search(WORD)]
    assert found == [("case-risk", (Part.JOURNEY,), f"/cases/{case.hex()}/risk")] * 2
    assert [hit.kind for hit in first.search("leaves")] == ["case-risk"]
    assert list(third.search(WORD)) == []
    assert all(not verify_store(desk.journal).findings for desk in office.desks.values())


def test_of_a_case_that_ended_nothing_waits(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case = opened(office, second)
    asks(office, second, case)
    link = f'href="/cases/{case.hex()}/risk"'
    ended = TypedStage("closed", note="She is safe.", confirmed=True)
    second.cases.stages.enter(case, ended)
    meet(office)
    with window_of(first) as window:
        assert link not in window.pages.get("/cases/risk").html
        first.cases.stages.enter(case, TypedStage("sheltered"))
        assert link in window.pages.get("/cases/risk").html


def test_two_who_judged_offline_both_stand_and_the_higher_counts(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case = opened(office, second)
    person = asks(office, second, case)
    judge(first, case, person, "standard")
    judge(second, case, person, "medium")
    assert one(first, case).band is Band.STANDARD
    meet(office)
    for desk in (first, second):
        person_risk = of(desk, case)
        assert (person_risk.band, person_risk.disputed) == (Band.MEDIUM, True)
        (waits,) = desk.cases.risks.waiting()
        assert {reason.why for reason in waits.reasons} == {Why.SECOND, Why.DISPUTED}
    saw = tuple(said.fact for said in of(first, case).standing)
    judge(first, case, person, "standard", saw)
    meet(office)
    assert (of(second, case).band, of(second, case).disputed) == (Band.MEDIUM, False)
    second.cases.risks.second(case, one(second, case).fact, Seconding("standard"))
    meet(office)
    assert of(first, case).band is Band.STANDARD
    assert first.cases.risks.waiting() == []


def test_a_sighting_that_an_assessor_had_not_heard_of_makes_it_due(office: Rehearsal) -> None:
    first, second, _ = office.desks.values()
    case = opened(office, second)
    person = asks(office, second, case)
    seen = {(Part.JOURNEY, "seen"): Typed("2026-11")}
    first.cases.records.write(case, "pursuer", None, seen)
    judge(second, case, person)
    meet(office)
    first.cases.risks.second(case, one(first, case).fact, Seconding("high"))
    (waits,) = first.cases.risks.waiting()
    assert [reason.why for reason in waits.reasons] == [Why.SEEN]
    assert waits.band is Band.HIGH
    saw = (one(first, case).fact, *(said.fact for said in first.cases.risks.events(case)))
    judge(first, case, person, "high", saw)
    (waits,) = first.cases.risks.waiting()
    assert [reason.why for reason in waits.reasons] == [Why.SECOND]


def test_who_has_no_key_to_the_part_or_may_not_write_judges_nothing(office: Rehearsal) -> None:
    _, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    person = asks(office, second, case)
    with pytest.raises(NoSuchPart):
        judge(third, case, person)
    other = opened(office, second, journey=("third",))
    person = asks(office, second, other)
    with pytest.raises(MayNotWrite):
        judge(third, other, person)
    with window_of(third) as window:
        page = window.pages.get(f"/cases/{other.hex()}/risk")
        assert "/risk/by/" not in page.html
    assert [waits.case for waits in third.cases.risks.waiting()] == [other]


def test_a_desk_without_the_key_sees_the_same_bytes_whatever_is_judged(office: Rehearsal) -> None:
    first, second, third = office.desks.values()
    case = opened(office, second, health=("third",))
    person = asks(office, second, case)
    own = [
        *("/cases/risk", f"/cases/{case.hex()}/risk", f"/cases/{case.hex()}/risk?person=00"),
        *(f"/cases/{case.hex()}/risk/by/{name}" for name in ("office", "honour", "ghost")),
    ]
    with window_of(third) as window:

        def bytes_of() -> list[tuple[int, bytes]]:
            found = (window.client.get(path) for path in own)
            return [(answer.status_code, answer.content) for answer in found]

        before, pages = bytes_of(), answers(window, third, case, WORD)
        assert [status for status, _ in before] == [200, 200, 200, 404, 404, 404]
        judge(second, case, person)
        meet(office)
        first.cases.risks.second(case, one(first, case).fact, Seconding("medium", WORD))
        meet(office)
        assert bytes_of() == before
        assert answers(window, third, case, WORD) == pages
    assert third.cases.risks.waiting() == []
    assert third.cases.risks.risk(case).people == ()


def test_a_warning_that_names_somebody_of_the_case_calls_for_a_new_assessment(
    office: Rehearsal,
) -> None:
    first, second, third = office.desks.values()
    person = Person(office)
    person.write("We all write in Lilac Yard.")
    meet(office)
    case = opened(office, second, contact=("first",), journey=("first", "third"))
    judge(second, case, asks(office, second, case))
    second.cases.links.link(case, person.conversation)
    first.bulletins.issue(telling(GROUP))
    meet(office)
    warned = [one for one in second.cases.risks.events(case) if one.why is Why.BULLETIN]
    assert len(warned) == 1
    assert Why.BULLETIN in {one.why for of in second.cases.risks.waiting() for one in of.reasons}
    assert [one.why for one in third.cases.risks.events(case)] == []
    stands = one(second, case)
    judge(second, case, stands.person, saw=(stands.fact, warned[0].fact))
    meet(office)
    for desk in (first, second):
        assert Why.BULLETIN not in {w.why for of in desk.cases.risks.waiting() for w in of.reasons}
