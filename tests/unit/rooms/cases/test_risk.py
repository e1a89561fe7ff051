# SPDX-License-Identifier: AGPL-3.0-or-later
"""Risk: one state in any order, a band of two, the higher of two that differ, and no arithmetic."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safeconduct.kernel.words import DAY, CaseId, CommitId, DeviceId, FactId, VaultId, fact_id
from safeconduct.rooms.cases import (
    CaseRisk,
    Part,
    RiskAssessed,
    RiskSeconded,
    SheetId,
    Told,
    fold_risk,
)
from safeconduct.rooms.cases import risk as room
from safeconduct.rooms.cases.instruments import OFFICE
from safeconduct.rooms.cases.risk import DUE_MOST, Band, PersonRisk, Said, Standing

CASE = CaseId(b"c" * 16)
ONE, TWO = SheetId(b"1" * 16), SheetId(b"2" * 16)
JOURNEY, HEALTH = VaultId(b"j" * 16), VaultId(b"h" * 16)
PARTS = {JOURNEY: Part.JOURNEY, HEALTH: Part.HEALTH}
ADA, OWN_PHONE, BO, CY = (DeviceId(letter * 16) for letter in (b"a", b"A", b"b", b"c"))
TODAY = 20_000


def apart(one: DeviceId, other: DeviceId) -> bool:
    """Two devices are of two people if their letters differ."""
    return one.lower() != other.lower()


def told(
    n: int, event: RiskAssessed | RiskSeconded, by: DeviceId = ADA, vault: VaultId = JOURNEY
) -> Told:
    """A fact of the n-th commit, written today."""
    commit = CommitId(n.to_bytes(32, "big"))
    return Told(fact_id(commit, 0), commit, vault, by, (TODAY * DAY + n) << 16, event)


def judged(band: str = "high", *saw: FactId, person: bytes = ONE) -> RiskAssessed:
    """What somebody judged of a person."""
    answers = (("sought", "yes"), ("safe_place", "no"), ("money", "unknown"))
    said = answers, ("sought", "safe_place"), band, "He asks.", "She leaves."
    return RiskAssessed(CASE, person, "office", 1, *said, TODAY + 14, saw)


def agreed(first: Told, band: str = "high", words: str = "") -> RiskSeconded:
    """What a second person said of it."""
    return RiskSeconded(CASE, first.fact, band, words)


def fold(*facts: Told) -> CaseRisk:
    """The risk that these facts give."""
    return fold_risk(CASE, PARTS, facts, "en", apart=apart)


def of(*facts: Told) -> PersonRisk:
    """What they give for the one person."""
    (found,) = fold(*facts).people
    return found


FIRST = told(1, judged())
SECOND = told(2, agreed(FIRST), BO)
LOWER = told(3, judged("standard", FIRST.fact), BO)
FACTS = (
    *(FIRST, SECOND, LOWER, told(4, agreed(LOWER, "medium", "Not yet."))),
    *(told(5, judged("medium", person=TWO), CY), told(6, judged("medium"), CY)),
)


@given(some.permutations(FACTS))
def test_the_same_facts_give_the_same_risk_in_any_order(order: list[Told]) -> None:
    assert fold(*order) == fold(*FACTS)


def test_a_band_stands_as_of_one_until_another_person_says_the_same() -> None:
    (one,) = of(FIRST).standing
    assert (one.band, one.standing, one.by) == (Band.HIGH, Standing.OF_ONE, ADA)
    assert (one.answers["sought"], one.weighs) == (Said.YES, ("sought", "safe_place"))
    (one,) = of(FIRST, told(2, agreed(FIRST), OWN_PHONE)).standing
    assert one.standing is Standing.OF_ONE
    (one,) = of(FIRST, SECOND).standing
    assert (one.standing, [said.by for said in one.seconds]) == (Standing.OF_TWO, [BO])


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        ("high", "standard", Band.HIGH),
        ("standard", "high", Band.HIGH),
        ("standard", "medium", Band.MEDIUM),
    ],
)
def test_where_two_differ_it_is_disputed_and_the_higher_counts(
    first: str, second: str, counts: Band
) -> None:
    begun = told(1, judged(first))
    person = of(begun, told(2, agreed(begun, second, "I differ."), BO))
    assert person.disputed
    assert (person.band, person.standing[0].standing) == (counts, Standing.DISPUTED)
    third = told(3, agreed(begun, first), CY)
    assert of(begun, told(2, agreed(begun, second, "No."), BO), third).disputed


def test_what_two_judged_unseen_both_stands_and_the_higher_counts() -> None:
    other = told(2, judged("medium"), BO)
    person = of(FIRST, other)
    assert [one.fact for one in person.standing] == [FIRST.fact, other.fact]
    assert (person.band, person.disputed) == (Band.HIGH, True)
    settled = told(3, judged("medium", FIRST.fact, other.fact), CY)
    person = of(FIRST, other, settled, told(4, agreed(settled, "medium"), BO))
    assert (person.band, person.disputed) == (Band.MEDIUM, False)


def test_nobody_lowers_a_band_alone() -> None:
    assert of(FIRST, SECOND, LOWER).standing[0].said is Band.STANDARD
    assert of(FIRST, SECOND, LOWER).band is Band.HIGH
    again = told(4, judged("standard", LOWER.fact), BO)
    assert of(FIRST, SECOND, LOWER, again).band is Band.HIGH
    assert of(FIRST, SECOND, LOWER, again, told(5, agreed(again, "standard"), CY)).band is (
        Band.STANDARD
    )
    raised = told(4, judged("high", FIRST.fact), BO)
    calm = told(1, judged("standard"))
    assert of(calm, told(2, agreed(calm, "standard"), BO), raised).band is Band.HIGH


@pytest.mark.parametrize(
    "hostile",
    [
        told(2, judged("extreme")),
        told(2, judged(), vault=HEALTH),
        told(2, judged(), vault=VaultId(b"x" * 16)),
        told(2, RiskSeconded(CASE, FIRST.fact, "none", "x"), BO),
        told(2, RiskSeconded(CASE, FactId(b"x" * 36), "high", "x"), BO),
        told(2, RiskSeconded(b"x" * 16, FIRST.fact, "standard", "x"), BO),
        told(2, agreed(FIRST, "standard", "x"), BO, HEALTH),
    ],
)
def test_what_is_no_value_or_stands_elsewhere_counts_for_nothing(hostile: Told) -> None:
    assert fold(FIRST, hostile) == fold(FIRST)


def test_who_was_not_there_yet_cannot_be_followed_and_something_always_stands() -> None:
    later = told(2, judged("medium", FIRST.fact))
    early = told(1, judged("high", later.fact))
    assert [one.stands for one in of(early, later).assessments] == [True, True]
    own = told(3, judged("high", told(3, judged()).fact))
    assert of(own).standing


def test_answers_that_this_program_does_not_know_are_passed_over_and_the_band_stands() -> None:
    event = judged()
    answers = (*event.answers, ("ghost", "yes"), ("means", "maybe"), ("sought", "no"))
    newer = RiskAssessed(
        *(
            CASE,
            ONE,
            "office",
            1,
            answers,
            ("ghost", "sought", "papers"),
            "high",
            "a",
            "b",
            1 << 31,
            (),
        )
    )
    (one,) = of(told(1, newer)).standing
    assert (one.band, one.weighs) == (Band.HIGH, ("sought",))
    assert one.answers == {
        "sought": Said.UNKNOWN,
        "money": Said.UNKNOWN,
        "safe_place": Said.NO,
    }
    assert one.due == (TODAY + DUE_MOST) * DAY
    unknown = RiskAssessed(CASE, ONE, "ghost", 7, answers, ("sought",), "high", "a", "b", 1, ())
    (one,) = of(told(1, unknown)).standing
    assert (one.band, one.weighs, one.answers) == (Band.HIGH, (), {})


SAYS = some.sampled_from([one.value for one in Said])


@given(some.fixed_dictionaries(dict.fromkeys(OFFICE.items, SAYS)), some.sampled_from(Band))
def test_whatever_is_answered_the_band_is_the_one_that_somebody_said(
    answers: dict[str, str], band: Band
) -> None:
    event = judged(band.value)
    event = RiskAssessed(
        *(CASE, ONE, "office", 1, tuple(answers.items()), ("sought",), band.value),
        *(event.words, event.changes, event.due, ()),
    )
    assert of(told(1, event)).band is band


COUNTING = {"sum", "len", "count", "Counter", "total", "fsum", "mean", "accumulate", "reduce"}
READS = {"answers", "weighs", "said", "Said", "SAID", "instrument", "items"}
TIME = {"at", "due", "event", "DAY", "DUE_MOST", "now", "today"}


def ranks_answers(source: str) -> list[str]:
    """Name the functions of a module that read answers and count or calculate."""
    found = []
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef):
            continue
        sums = (one for one in ast.walk(function) if isinstance(one, ast.BinOp | ast.AugAssign))
        adds = any(not isinstance(one.op, ast.BitOr) and names_in(one) - TIME for one in sums)
        if names_in(function) & READS and (names_in(function) & COUNTING or adds):
            found.append(function.name)
    return found


def names_in(node: ast.AST) -> set[str]:
    """Every name that stands in a piece of code."""
    inside = [*ast.walk(node)]
    names = {one.id for one in inside if isinstance(one, ast.Name)}
    return names | {one.attr for one in inside if isinstance(one, ast.Attribute)}


def test_no_function_of_the_room_sums_or_counts_answers_into_a_band() -> None:
    folder = Path(room.__file__).parent
    files = [*folder.glob("risk*.py"), folder / "instruments.py"]
    assert len(files) > 4
    for path in files:
        assert ranks_answers(path.read_text(encoding="utf-8")) == [], path.name


@pytest.mark.parametrize(
    "body",
    [
        "return sum(one is Said.YES for one in answers.values())",
        "return Band.HIGH if len(weighs) > 14 else Band.STANDARD",
        "return [*answers.values()].count(Said.YES)",
        "score = score + WEIGHTS[one] if answers[one] else score",
        "for one in answers: score += 1",
        "return Counter(answers.values())",
    ],
)
def test_a_score_would_be_noticed(body: str) -> None:
    assert ranks_answers(f"def band(answers, weighs):\n    {body}\n") == ["band"]


def test_a_person_is_found_by_their_sheet_and_a_case_has_its_highest_band() -> None:
    risk = fold(told(1, judged("standard")), told(2, judged("medium", person=TWO)))
    assert risk.band is Band.MEDIUM
    person = risk.of(TWO)
    assert person is not None
    assert (person.band, risk.of(b"x" * 16)) == (Band.MEDIUM, None)
    assert fold().band is None
    assert replace(risk, people=()).band is None
    assert all(one.name for one in risk.people)
