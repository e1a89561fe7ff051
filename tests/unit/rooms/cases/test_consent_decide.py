# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is written down of a yes, a no and a withdrawal, and why it is not."""

from __future__ import annotations

import pytest

from safeconduct.rooms.cases.consent import DAYS_MOST, ConsentId, Consents
from safeconduct.rooms.cases.consent_decide import (
    Answer,
    NoSuchPerson,
    NothingToWithdraw,
    SaidNoMeanwhile,
    WrongAnswer,
    give,
    refuse,
    withdraw,
)
from safeconduct.rooms.cases.consent_facts import ConsentGiven, ConsentWithdrawn
from safeconduct.rooms.cases.days import day_in
from safeconduct.rooms.cases.decide import NoSuchPart, SaidTooMuch
from tests.unit.rooms.cases.test_consent import (
    ARU,
    CASE,
    DARU,
    ELSEWHERE,
    NOW,
    TODAY,
    fold,
    no,
    told,
    yes,
)

NEW = ConsentId(b"n" * 16)
TYPED = Answer(
    *(ARU, "referral", " The  clinic ", "", "What was read.", "ru", 1, "spoken", "an aunt"),
    *("2026-12-13", "2026-12-24", " No name. "),
)
PEOPLE = [ARU]
EMPTY = fold()


def given(state: Consents, typed: Answer) -> ConsentGiven:
    """A yes as it is written down."""
    return give(state, PEOPLE, typed, NEW, NOW)


def test_a_yes_is_kept_as_one_reads_it() -> None:
    said = given(EMPTY, TYPED)
    who, text, last = (ARU, "referral", "", "The clinic"), "What was read.", TODAY + 11
    assert said == ConsentGiven(
        CASE, NEW, *who, text, "ru", 1, "spoken", "", TODAY, last, "No name.", ()
    )
    assert fold(told(1, said)).given[0].holds(TODAY)
    through = given(EMPTY, TYPED._replace(how="through", purpose="other", other="a film"))
    assert (through.through, through.other) == ("an aunt", "a film")


@pytest.mark.parametrize(
    ("wrong", "typed"),
    [
        ("purpose", {"purpose": "espionage"}),
        ("other", {"purpose": "other"}),
        ("recipient", {"recipient": " "}),
        ("recipient", {"recipient": "x" * 201}),
        ("text", {"text": " "}),
        ("text", {"text": "x" * 4_001}),
        ("language", {"language": "not a tag"}),
        ("language", {"language": "ab-" + "x" * 40}),
        ("version", {"version": -1}),
        ("how", {"how": ""}),
        ("through", {"how": "through", "through": ""}),
        ("given", {"given": "yesterday"}),
        ("given", {"given": "2026-12-15"}),
        ("until", {"until": ""}),
        ("until", {"until": "2026-12-12"}),
        ("until", {"until": "2029-01-01"}),
        ("until", {"given": "2025-06-01", "until": "2026-06-01"}),
        ("limits", {"limits": "x" * 1_001}),
    ],
)
def test_a_yes_that_cannot_be_kept_names_the_field(wrong: str, typed: dict[str, str]) -> None:
    with pytest.raises(WrongAnswer) as refused:
        given(EMPTY, TYPED._replace(**typed))  # type: ignore[arg-type]
    assert refused.value.names == (wrong,)


def test_whoever_is_not_in_the_record_is_asked_nothing() -> None:
    for typed in (TYPED._replace(person=DARU), TYPED._replace(person=b"")):
        with pytest.raises(NoSuchPerson):
            given(EMPTY, typed)
        with pytest.raises(NoSuchPerson):
            refuse(EMPTY, PEOPLE, typed, NOW)


def test_without_the_contact_part_nothing_is_written_down() -> None:
    unread = Consents(CASE)
    for attempt in (
        lambda: given(unread, TYPED),
        lambda: refuse(unread, PEOPLE, TYPED, NOW),
        lambda: withdraw(unread, b"1" * 16, ""),
    ):
        with pytest.raises(NoSuchPart):
            attempt()


def test_a_no_needs_whom_and_when_alone() -> None:
    alone = TYPED._replace(text="", how="", until="", through="", limits=" ")
    said = refuse(EMPTY, PEOPLE, alone, NOW)
    assert (said.recipient, said.day) == ("The clinic", day_in("2026-12-13"))
    for typed in ({"recipient": ""}, {"given": "2026-12-15"}, {"given": ""}):
        with pytest.raises(WrongAnswer):
            refuse(EMPTY, PEOPLE, TYPED._replace(**typed), NOW)  # type: ignore[arg-type]


def test_a_yes_stands_over_a_no_that_was_seen_and_over_no_other() -> None:
    refused = told(1, no())
    state = fold(refused)
    with pytest.raises(SaidNoMeanwhile):
        given(state, TYPED)
    said = given(state, TYPED._replace(saw=frozenset({refused.fact})))
    assert said.over == (refused.fact,)
    assert fold(refused, told(2, said)).given[0].holds(TODAY)
    unseen = told(3, no())
    assert not fold(refused, told(2, said), unseen).given[0].holds(TODAY)


def test_what_was_seen_and_is_no_no_to_the_same_is_not_named() -> None:
    elsewhere = told(1, no(ELSEWHERE))
    said = given(fold(elsewhere), TYPED._replace(saw=frozenset({elsewhere.fact})))
    assert said.over == ()


def test_a_consent_is_taken_back_once_and_with_few_words() -> None:
    first = told(1, yes())
    state = fold(first)
    said = withdraw(state, b"1" * 16, "  She said so. ")
    assert said.reason == "She said so."
    with pytest.raises(NothingToWithdraw):
        withdraw(fold(first, told(2, said)), b"1" * 16, "")
    with pytest.raises(NothingToWithdraw):
        withdraw(state, b"9" * 16, "")
    with pytest.raises(SaidTooMuch):
        withdraw(state, b"1" * 16, "x" * 1_001)


def test_one_that_a_no_stands_against_and_one_that_ended_can_be_taken_back_too() -> None:
    against = fold(told(1, yes()), told(2, no()))
    assert withdraw(against, b"1" * 16, "") == ConsentWithdrawn(CASE, b"1" * 16, "")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(("1970-01-01", 0), ("2024-02-29", 19_782), ("2023-02-29", None), ("1969-12-31", None)),
        *(("2024-2-9", None), ("٢٠٢٤-02-29", None), ("2024-02-29 ", None), ("", None)),
    ],
)
def test_a_day_is_one_of_the_calendar_since_1970(text: str, day: int | None) -> None:
    assert day_in(text) == day


def test_two_years_are_the_most() -> None:
    said = given(EMPTY, TYPED._replace(until="2028-12-13"))
    assert said.until - said.given == DAYS_MOST
