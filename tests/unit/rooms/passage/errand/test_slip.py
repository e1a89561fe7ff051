# SPDX-License-Identifier: AGPL-3.0-or-later
"""A slip takes one row and what somebody typed, or says which field it cannot take."""

from __future__ import annotations

import pytest

from safeconduct.rooms.passage.errand.slip import (
    CALL_MOST,
    NOTE_MOST,
    Carry,
    Destroy,
    Row,
    Task,
    TypedSlip,
    WrongSlip,
    make_slip,
)

ROW = Row(Task.RIDE, "2026-12-01", "21:40", "Bench behind the mill", "Quay", 3)
TYPED = TypedSlip("", frozenset({"cash", "water"}), "", "555 0101", "", "done", ends=True)


def test_a_slip_says_the_row_and_what_was_typed_in_the_order_of_the_list() -> None:
    slip = make_slip(ROW, TYPED._replace(note="  two   lines\nof words "), "river")
    assert (slip.at, slip.place, slip.ends, slip.people) == ("21:40", ROW.place, ROW.ends, 3)
    assert slip.carry == (Carry.WATER, Carry.CASH)
    assert slip.note == "two lines of words"
    assert slip.destroy is Destroy.DONE


def test_what_somebody_typed_of_the_time_counts_and_where_it_ends_can_be_left_out() -> None:
    slip = make_slip(ROW, TYPED._replace(at="22:05", ends=False), "river")
    assert (slip.at, slip.ends) == ("22:05", "")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("at", {"at": "24:00"}),
        ("at", {"at": "9:5"}),
        ("carry", {"carry": frozenset({"passport"})}),
        ("note", {"note": "x" * (NOTE_MOST + 1)}),
        ("call", {"call": " "}),
        ("call", {"call": "5" * (CALL_MOST + 1)}),
        ("report", {"report": "soon"}),
        ("destroy", {"destroy": "never"}),
    ],
)
def test_a_field_that_no_slip_takes_is_named(name: str, typed: dict[str, object]) -> None:
    with pytest.raises(WrongSlip) as refused:
        make_slip(ROW, TYPED._replace(**typed), "river")  # type: ignore[arg-type]
    assert refused.value.names == (name,)


@pytest.mark.parametrize("people", [0, -1, 100])
def test_nobody_is_sent_for_a_number_of_people_that_nobody_knows(people: int) -> None:
    row = Row(Task.STAY, "2026-12-01", "21:40", "", "", people)
    with pytest.raises(WrongSlip) as refused:
        make_slip(row, TYPED, "river")
    assert refused.value.names == ("people",)
