# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who asked to be called back is called once, within a day, and nobody else (spec/phone.md)."""

from __future__ import annotations

import pytest

from safeconduct.kernel.words import DAY, HOUR, Instant
from safeconduct.rooms.hotline import Told
from safeconduct.rooms.hotline.calling_back import (
    ORDER_LASTS,
    NoCallAsked,
    asked,
    need_asked,
    order,
    order_of,
    safe_now,
)
from safeconduct.rooms.hotline.events import AnswerWritten
from safeconduct.rooms.hotline.spoken import Back, CallMark, When, write_call
from tests.kit.desk_twin_lines import TwinLine
from tests.unit.rooms.hotline.test_lines import ADA, NOW, OFFICE, letter, talk

PHONE = TwinLine("phone", office=OFFICE)
LATER = Instant(NOW + 50)


def told(number: int, back: Back, line: TwinLine = PHONE, **more: object) -> Told:
    """A letter of a call."""
    return letter(line, number, beside=write_call(CallMark(left="talk", back=back)), **more)


def ours(at: int) -> Told:
    """That the line was told to call."""
    where = talk(told(1, "now")).id
    event = AnswerWritten(where, b"a" * 16, "Called.", (), NOW + 9 * DAY, ())
    return Told(told(9, "").fact, ADA, (NOW + at) << 16, event)


def test_who_asked_is_named_with_the_handle_of_that_letter() -> None:
    found = asked(talk(told(1, "evening", handle=b"n" * 40), told(2, "")), LATER)
    assert found is not None
    assert (found.when, found.since, found.line.handle) == ("evening", NOW + 1, b"n" * 40)


@pytest.mark.parametrize("back", ["", "reached", "missed"])
def test_who_did_not_ask_or_was_tried_is_not_called(back: Back) -> None:
    assert asked(talk(told(1, "evening"), told(2, back)), LATER) is None or back == ""
    assert asked(talk(told(2, back)), LATER) is None


def test_nobody_is_called_twice_or_after_a_day_or_by_another_channel() -> None:
    assert asked(talk(told(1, "now"), ours(5)), LATER) is None
    assert asked(talk(told(1, "now"), ours(5), told(7, "now")), LATER) is not None
    assert asked(talk(told(1, "now")), Instant(NOW + 1 + DAY)) is None
    assert asked(talk(told(1, "now", TwinLine("signal", office=OFFICE))), LATER) is None
    assert asked(talk(told(1, "now", handle=b"")), LATER) is None
    with pytest.raises(NoCallAsked):
        need_asked(talk(told(1, "")), LATER)


@pytest.mark.parametrize(
    ("when", "hour", "safe"),
    [("night", 5, True), ("night", 6, False), ("morning", 6, True), ("day", 12, True),
     ("evening", 23, True), ("evening", 17, False)],
)  # fmt: skip
def test_the_hours_are_those_that_were_pressed(when: When, hour: int, *, safe: bool) -> None:
    found = need_asked(talk(told(1, when)), LATER)
    assert safe_now(found, LATER, hour) is safe


def test_now_is_an_hour() -> None:
    found = need_asked(talk(told(1, "now")), LATER)
    assert safe_now(found, LATER, 3)
    assert not safe_now(found, Instant(NOW + 2 + HOUR), 3)


def test_an_order_names_a_telephone_of_ours_and_ends_soon() -> None:
    found = need_asked(talk(told(1, "now")), LATER)
    one = order_of(order(found, "op-1", LATER))
    assert one is not None
    assert (one.ring, one.when, one.until) == ("op-1", "now", LATER + ORDER_LASTS)
    for name in ("Op 1", "+15550100", "op1@withheld", "x" * 33):
        with pytest.raises(NoCallAsked):
            order(found, name, LATER)
    assert order_of({}) is None
    assert order_of({"call": {"version": 2}}) is None
