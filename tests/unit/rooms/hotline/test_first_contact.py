# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person may tell beside her message: read whatever it is, and never a reason to lose it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.words import HOUR, Instant
from safeconduct.rooms.hotline.first_contact import (
    CHOICES,
    PARTS_OF_DAY,
    TEXT_MOST,
    FirstContact,
    arrived_at,
    asked_by_form,
    hour_there,
    parse_contact,
    safest,
    timely,
    together,
    write_contact,
)

TOLD = FirstContact(
    danger_today="yes",
    safe_to_read="no",
    for_whom="taken",
    from_whom="Мой дядя",
    region="север",
    answer_how="здесь",
    answer_when="после работы",
    answer_hours=("night", "evening"),
    clock_shows=23,
    if_silent="Позвоните сестре.",
    not_alone_word="сирень",
)
UNTOLD = FirstContact()
TEXTS = {name: st.text(max_size=most) for name, most in TEXT_MOST.items()}
CHOSEN = {name: st.sampled_from(("", *choices)) for name, choices in CHOICES.items()}
HOURS = st.sets(st.sampled_from(PARTS_OF_DAY)).map(
    lambda chosen: tuple(part for part in PARTS_OF_DAY if part in chosen)
)
CONTACTS = st.builds(
    FirstContact,
    **TEXTS,
    **CHOSEN,
    answer_hours=HOURS,
    clock_shows=st.none() | st.integers(0, 23),
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99) | st.text(max_size=9) | st.binary(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=9,
)


def read(**answers: Any) -> FirstContact | None:  # noqa: ANN401  (whatever a page may send)
    return parse_contact(encode({"contact": {"version": 1, **answers}}))


@given(CONTACTS)
def test_what_is_written_is_read_again(contact: FirstContact) -> None:
    assert parse_contact(encode(write_contact(contact))) == (contact if contact != UNTOLD else None)


def test_what_was_not_answered_leaves_no_trace_in_the_letter() -> None:
    assert write_contact(UNTOLD) == {}
    assert write_contact(FirstContact(region="x")) == {"contact": {"version": 1, "region": "x"}}


@given(
    st.dictionaries(st.sampled_from([*TEXT_MOST, *CHOICES, "contact", "answer_hours"]), ANYTHING)
)
def test_whatever_stands_there_is_read_without_an_error(answers: dict[str, Any]) -> None:
    told = read(**answers)
    assert told is not None
    said = any(answer not in ("", []) for answer in answers.values())
    assert not said or told.more or told != UNTOLD


@given(st.binary(max_size=60))
def test_bytes_of_no_meaning_are_read_as_more_or_as_nothing(extras: bytes) -> None:
    assert parse_contact(extras) in {None, FirstContact(more=True)}


def test_a_letter_without_answers_tells_none() -> None:
    assert parse_contact(b"") is None
    assert parse_contact(encode({})) is None
    assert parse_contact(encode({"via": "counter", "later": [1]})) is None


@pytest.mark.parametrize("version", [2, 0, "1", None, True, [1]])
def test_a_version_that_is_not_known_is_told_as_more(version: object) -> None:
    told = parse_contact(encode({"contact": {"version": version, "danger_today": "yes"}}))
    assert told == FirstContact(more=True)


def test_an_answer_that_cannot_be_read_takes_no_other_one_away() -> None:
    told = read(danger_today="yes", region=7, answer_hours=["noon"], later={"x": 1})
    assert told == FirstContact(danger_today="yes", more=True)


def test_an_answer_that_is_too_long_is_cut_and_told_as_more() -> None:
    assert read(region="ж" * 101) == FirstContact(region="ж" * 100, more=True)
    assert read(region="ж" * 100) == FirstContact(region="ж" * 100)


@pytest.mark.parametrize(
    "wrong",
    [
        {"danger_today": "perhaps"},
        {"region": "x" * 101},
        {"answer_hours": ("evening", "night")},
        {"clock_shows": 24},
    ],
)
def test_nothing_is_written_that_no_page_asks(wrong: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        FirstContact(**wrong)


def test_what_she_answered_last_stands() -> None:
    later = FirstContact(danger_today="no", region="юг")
    both = together([TOLD, later])
    assert both is not None
    assert (both.danger_today, both.region, both.if_silent) == ("no", "юг", TOLD.if_silent)
    assert together([]) is None


def test_of_two_records_of_one_letter_the_careful_answer_stands() -> None:
    false = FirstContact(danger_today="no", safe_to_read="yes", more=True)
    for tellings in ([TOLD, false], [false, TOLD]):
        told = safest(tellings)
        assert told is not None
        assert (told.danger_today, told.safe_to_read, told.more) == ("yes", "no", True)
    assert safest([]) is None


def test_a_form_tells_what_was_filled_in_and_nothing_else() -> None:
    given = {"danger_today": "yes", "region": " north ", "evening": "yes", "for_whom": "king"}
    told = asked_by_form(given | {"clock_shows": "1", "text": "x"})
    assert told == FirstContact(
        danger_today="yes", region="north", answer_hours=("evening",), clock_shows=1
    )
    assert asked_by_form({"clock_shows": "24", "region": "  "}) == UNTOLD
    assert asked_by_form({"region": "x" * 999}).region == "x" * 100


def test_hours_are_those_of_her_clock_as_it_stood_when_her_letter_arrived() -> None:
    at = Instant(20 * HOUR + HOUR // 2)
    told = arrived_at(TOLD, at)
    assert told.clock_ahead == 3
    assert hour_there(told, at) == 23
    assert timely(told, at) == "inside"
    assert timely(told, Instant(at + HOUR)) == "inside"
    assert timely(told, Instant(at + 10 * HOUR)) == "outside"


def test_a_later_hour_of_hers_moves_her_clock_and_silence_leaves_it() -> None:
    before, later = (
        arrived_at(TOLD, Instant(0)),
        arrived_at(FirstContact(clock_shows=5), Instant(0)),
    )
    both = together([before, later, UNTOLD])
    assert both is not None
    assert (both.clock_shows, both.clock_ahead) == (5, 5)


def test_without_her_clock_nobody_knows_whether_it_is_the_hour() -> None:
    assert timely(FirstContact(answer_hours=("day",)), Instant(0)) == "unknown"
    assert timely(FirstContact(clock_shows=3), Instant(0)) == ""
    assert hour_there(UNTOLD, Instant(0)) is None
    assert arrived_at(UNTOLD, Instant(0)) == UNTOLD
