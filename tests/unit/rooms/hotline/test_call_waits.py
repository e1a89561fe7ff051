# SPDX-License-Identifier: AGPL-3.0-or-later
"""What of a call presses, until somebody opened it (spec/duty.md 5)."""

from __future__ import annotations

import pytest

from safeconduct.kernel.words import FactId, Instant
from safeconduct.rooms.hotline import Told
from safeconduct.rooms.hotline.call_waits import Rings, rings
from safeconduct.rooms.hotline.events import MessageRead
from safeconduct.rooms.hotline.spoken import CallMark, write_call
from tests.kit.desk_twin_lines import TwinLine
from tests.unit.rooms.hotline.test_lines import ADA, NOW, OFFICE, letter, talk

PHONE = TwinLine("phone", office=OFFICE)
KEY = PHONE.card.key
WAITS = CallMark(left="talk", waits=True)
TAKEN = CallMark(left="talk")
GONE = CallMark(left="hung_up")
SPOKE = CallMark(left="message", cut=True)
FORCED = CallMark(left="talk", duress=True)


def since(number: int) -> Rings:
    """That something calls since a letter."""
    return Rings(Instant(NOW + number), KEY)


def told(number: int, mark: CallMark, line: TwinLine | None = PHONE) -> Told:
    """A letter of a call."""
    return letter(line, number, code="40718293", beside=write_call(mark))


def read(number: int, one: Told) -> Told:
    """That a helper opened it."""
    event = MessageRead(one.event.conversation, (bytes([number]) * 32,))
    return Told(FactId(b"r" * 35 + bytes([number])), ADA, (NOW + 90) << 16, event)


@pytest.mark.parametrize("mark", [WAITS, SPOKE, FORCED, CallMark(left="hung_up", waits=True)])
def test_who_waits_spoke_or_is_forced_calls(mark: CallMark) -> None:
    assert rings(talk(told(1, mark))) == since(1)


@pytest.mark.parametrize("mark", [TAKEN, GONE])
def test_what_was_taken_or_left_nothing_calls_nobody(mark: CallMark) -> None:
    assert rings(talk(told(1, mark))) is None


@pytest.mark.parametrize("last", [TAKEN, GONE])
def test_who_was_taken_or_hung_up_calls_no_more(last: CallMark) -> None:
    assert rings(talk(told(1, WAITS), told(2, last))) is None
    assert rings(talk(told(1, WAITS), told(2, last), told(3, WAITS))) == since(1)
    assert rings(talk(told(1, FORCED), told(2, last))) == since(1)


def test_what_somebody_opened_calls_no_more_until_more_is_said() -> None:
    first = told(1, WAITS)
    opened = first, read(1, first)
    assert rings(talk(*opened)) is None
    assert rings(talk(*opened, told(2, WAITS))) is None
    assert rings(talk(*opened, told(2, SPOKE), told(3, SPOKE))) == since(2)
    assert rings(talk(*opened, told(2, FORCED))) == since(2)
    whole = (*opened, told(2, SPOKE), told(3, CallMark(left="message", seconds=9)))
    assert rings(talk(*whole, read(2, first))) is None


@pytest.mark.parametrize("line", [None, TwinLine("signal", office=OFFICE)])
def test_no_page_and_no_messenger_calls_as_a_telephone(line: TwinLine | None) -> None:
    code = {"code": "40718293"} if line else {}
    assert rings(talk(letter(line, 1, **code, beside=write_call(WAITS)))) is None
