# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is judged becomes a fact or is refused; it falls due by its day and by what was not seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DAY, FactId, Instant, VaultId
from safeconduct.rooms.cases import CaseRecord, Part, SheetWritten, Told, fold_record
from safeconduct.rooms.cases.days import day_in
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.cases.instruments import OFFICE
from safeconduct.rooms.cases.risk import DUE_MOST, Band, Said
from safeconduct.rooms.cases.risk_decide import (
    Assessing,
    AssessmentLacks,
    NoAssessmentWaits,
    NoBand,
    NobodyToAssess,
    NoDayToReassess,
    NoRiskWords,
    NothingWeighs,
    RiskWordsTooLong,
    SameAssessor,
    Seconding,
    assess,
    second,
)
from safeconduct.rooms.cases.risk_due import Event, Reason, Why, due, sightings, unjudged, waits
from tests.unit.rooms.cases.test_risk import (
    ADA,
    BO,
    CASE,
    CY,
    FIRST,
    LOWER,
    ONE,
    OWN_PHONE,
    PARTS,
    SECOND,
    TODAY,
    TWO,
    agreed,
    apart,
    fold,
    judged,
    of,
    told,
)

NOW = Instant(TODAY * DAY + 5)
HELD = frozenset(Part)


def wrote(n: int, kind: str, *values: tuple[str, str], over: tuple[FactId, ...] = ()) -> Told:
    """Something of the record, in the part journey."""
    sheet = {"person": ONE, "pursuer": b"p" * 16}[kind]
    event = SheetWritten(CASE, sheet, kind, values, over)
    return told(n, judged())._replace(event=event)


def record(*facts: Told) -> CaseRecord:
    """The record that these facts give."""
    return fold_record(CASE, PARTS, facts, "en")


PERSON = wrote(40, "person", ("stands", "asks"))
ASKS = record(PERSON)
TYPED = Assessing(
    person=ONE,
    instrument=OFFICE,
    answers={"sought": Said.YES, "safe_place": Said.NO},
    weighs={"sought", "safe_place", "ghost"},
    band="high",
    words=" He asks. ",
    changes="She leaves.",
    due=(date(1970, 1, 1) + timedelta(days=TODAY + 14)).isoformat(),
    saw=(FactId(b"b" * 36), FactId(b"a" * 36)),
)


def later(days: int) -> str:
    """A day as it is typed."""
    return (date(1970, 1, 1) + timedelta(days=TODAY + days)).isoformat()


def test_what_was_judged_is_kept_with_every_item_and_those_that_weigh() -> None:
    fact = assess(ASKS, HELD, TYPED, NOW)
    answers = dict(fact.answers)
    assert (answers["sought"], answers["safe_place"]) == ("yes", "no")
    assert {said for name, said in answers.items() if name not in TYPED.answers} == {"unknown"}
    assert fact.weighs == ("sought", "safe_place")
    assert (fact.instrument, fact.version, fact.band) == ("office", 1, "high")
    assert (fact.words, fact.due) == ("He asks.", TODAY + 14)
    assert fact.saw == (b"a" * 36, b"b" * 36)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (replace(TYPED, person=TWO), NobodyToAssess),
        (replace(TYPED, weighs=()), NothingWeighs),
        (replace(TYPED, weighs={"ghost"}), NothingWeighs),
        (replace(TYPED, weighs={"means"}), NothingWeighs),
        (replace(TYPED, band=""), NoBand),
        (replace(TYPED, band="14"), NoBand),
        (replace(TYPED, words=" "), NoRiskWords),
        (replace(TYPED, changes=""), NoRiskWords),
        (replace(TYPED, words="x" * 4_001), RiskWordsTooLong),
        (replace(TYPED, due=""), NoDayToReassess),
        (replace(TYPED, due=later(0)), NoDayToReassess),
        (replace(TYPED, due=later(DUE_MOST + 1)), NoDayToReassess),
    ],
)
def test_what_says_too_little_is_refused(typed: Assessing, why: type[Refused]) -> None:
    with pytest.raises(AssessmentLacks) as refused:
        assess(ASKS, HELD, typed, NOW)
    assert [type(one) for _, one in refused.value.found] == [why]


def test_all_that_is_missing_is_said_at_once() -> None:
    empty = replace(TYPED, person=TWO, weighs=(), band="", words=" ", changes="", due="")
    with pytest.raises(AssessmentLacks) as refused:
        assess(ASKS, HELD, empty, NOW)
    names = [name for name, _ in refused.value.found]
    assert names == ["person", "weighs", "band", "words", "changes", "due"]


def test_who_has_no_key_to_the_part_or_took_the_person_off_judges_nothing() -> None:
    with pytest.raises(NoSuchPart):
        assess(ASKS, HELD - {Part.JOURNEY}, TYPED, NOW)
    off = wrote(41, "person", ("taken_off", "Written twice."))
    with pytest.raises(AssessmentLacks) as refused:
        assess(record(PERSON, off), HELD, TYPED, NOW)
    assert isinstance(refused.value.found[0][1], NobodyToAssess)


def test_a_second_agrees_without_words_and_differs_with_them() -> None:
    risk = fold(FIRST)
    assert second(risk, FIRST.fact, Seconding("high", " "), by=BO, apart=apart).words == ""
    said = second(risk, FIRST.fact, Seconding("medium", " Less. "), by=BO, apart=apart)
    assert (said.band, said.words, said.assessment) == ("medium", "Less.", FIRST.fact)
    with pytest.raises(NoRiskWords):
        second(risk, FIRST.fact, Seconding("medium", " "), by=BO, apart=apart)
    with pytest.raises(NoBand):
        second(risk, FIRST.fact, Seconding("", "x"), by=BO, apart=apart)
    with pytest.raises(RiskWordsTooLong):
        second(risk, FIRST.fact, Seconding("high", "x" * 4_001), by=BO, apart=apart)


def test_nobody_is_their_own_second_and_what_does_not_wait_takes_none() -> None:
    for own in (ADA, OWN_PHONE):
        with pytest.raises(SameAssessor):
            second(fold(FIRST), FIRST.fact, Seconding("high", ""), by=own, apart=apart)
    for facts in ((FIRST, SECOND), (FIRST, LOWER), ()):
        with pytest.raises(NoAssessmentWaits):
            second(fold(*facts), FIRST.fact, Seconding("high", ""), by=CY, apart=apart)


@pytest.mark.parametrize(
    "typed", ["", "2026-1-1", "20261129", "2026-W01-1", "٢٠٢٦-١١-٢٩", "x" * 10]
)
def test_what_is_no_day_is_none(typed: str) -> None:
    assert day_in(typed) is None
    assert day_in("1970-01-02") == 1


def test_it_falls_due_by_its_day() -> None:
    (one,) = of(FIRST, SECOND).standing
    assert due(one, (), Instant(one.due - 1)) == ()
    assert due(one, (), one.due) == (Reason(Why.DAY, one.due),)


@pytest.mark.parametrize("why", [Why.SEEN, Why.LOST, Why.BULLETIN])
def test_it_falls_due_by_what_its_author_had_not_seen_whatever_clocks_say(why: Why) -> None:
    event = Event(why, FactId(b"e" * 36), Instant(1), "kettle")
    (one,) = of(FIRST).standing
    assert due(one, (event,), NOW) == (Reason(why, Instant(1), "kettle"),)
    (saw,) = of(told(1, judged("high", event.fact))).standing
    assert due(saw, (event,), NOW) == ()


def test_a_pursuer_who_was_heard_of_calls_once_for_each_word_that_stands() -> None:
    seen = wrote(50, "pursuer", ("seen", "2026-10"))
    again = wrote(51, "pursuer", ("seen", "2026-11"), over=(seen.fact,))
    other = wrote(52, "pursuer", ("reach", "The coast."))
    assert [one.fact for one in sightings(record(seen, other))] == [seen.fact]
    assert [one.fact for one in sightings(record(seen, again))] == [again.fact]
    nothing = wrote(53, "pursuer", ("seen", ""), over=(again.fact,))
    assert sightings(record(seen, again, nothing)) == ()
    off = wrote(54, "pursuer", ("taken_off", "Somebody else."))
    assert sightings(record(seen, off)) == ()
    elsewhere = seen._replace(vault=VaultId(b"x" * 16))
    assert sightings(record(elsewhere)) == ()


def test_what_waits_about_a_case_says_why_and_since_when_longest_first() -> None:
    event = Event(Why.SEEN, FactId(b"e" * 36), Instant(1), "kettle")
    found = waits(fold(FIRST), (), (event,), NOW)
    assert [one.why for one in found] == [Why.SEEN, Why.SECOND]
    assert waits(fold(FIRST, SECOND), (), (), NOW) == ()
    differs = told(2, agreed(FIRST, "medium", "Less."), BO)
    assert [one.why for one in waits(fold(FIRST, differs), (), (), NOW)] == [Why.DISPUTED]
    assert fold(FIRST, differs).band is Band.HIGH
    assert waits(fold(FIRST).without([ONE]), (), (), NOW) == ()


def test_each_person_whom_nobody_judged_is_named_and_a_case_without_people_stands_for_itself() -> (
    None
):
    opened, nobody = Instant(7), record()
    assert unjudged(fold(), nobody, opened) == (Reason(Why.NOBODY, opened),)
    (child,) = unjudged(fold(), ASKS, opened)
    assert (child.why, child.about) == (Why.NOBODY, ASKS.sheets[0].name)
    assert child.since == ASKS.sheets[0].fields[0].written[0].at
    assert unjudged(fold(FIRST), ASKS, opened) == ()
