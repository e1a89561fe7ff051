# SPDX-License-Identifier: AGPL-3.0-or-later
"""The number of who asked to be called back: sealed, and gone after a day (spec/phone.md)."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from safeconduct.edges.lines.channel import Arrived, CannotSend, Departing
from safeconduct.edges.lines.handles import CONTACT_MOST
from safeconduct.edges.lines.phone.ari import Ari
from safeconduct.edges.lines.phone.back_calls import BackCall, Hands, call_back
from safeconduct.edges.lines.phone.backs import KEPT_AS, Backs, number_in, parse_backs
from safeconduct.edges.lines.phone.caller import Leg
from safeconduct.edges.lines.phone.engine import Engine
from safeconduct.edges.lines.phone.kind import Telephone
from safeconduct.edges.lines.phone.queue import Queue
from safeconduct.edges.lines.phone.ringing import Ringing
from safeconduct.edges.lines.phone.setup import Setup
from safeconduct.edges.lines.post import OsRng
from safeconduct.kernel.errors import CannotOpen, Malformed, SafeconductError, Unreachable
from tests.lines.kit.by_hand import KeptByHand
from tests.unit.edges.lines.phone.test_kind import EXCHANGE

NUMBER = "+15550100199"
CONTACT = b"c" * 16
HOUR = 3_600.0
ORDER = {"call": {"version": 1, "ring": "", "when": "now", "until": 1 << 60}}


class Clock:
    """Seconds since 1970."""

    def __init__(self) -> None:
        self.time = 1_795_000_000.0

    def __call__(self) -> float:
        return self.time


def test_a_number_comes_back_out_of_its_handle_and_stands_in_no_file() -> None:
    kept, clock = KeptByHand(), Clock()
    backs = Backs(kept, OsRng(), clock)
    sealed = backs.seal(CONTACT, NUMBER)
    assert NUMBER.encode() not in sealed
    assert len(CONTACT + sealed) <= CONTACT_MOST
    assert len(backs.seal(CONTACT, "110")) == len(sealed)
    assert Backs(kept, OsRng(), clock).open(CONTACT + sealed) == (CONTACT, NUMBER)
    assert not kept.names(NUMBER.encode())


@pytest.mark.attack
def test_after_a_day_nobody_opens_it_whatever_they_hold() -> None:
    kept, clock = KeptByHand(), Clock()
    backs = Backs(kept, OsRng(), clock)
    sealed = backs.seal(CONTACT, NUMBER)
    clock.time += 24 * HOUR
    assert backs.open(CONTACT + sealed)[1] == NUMBER
    clock.time += HOUR
    backs.tidy()
    assert parse_backs(kept.all[KEPT_AS]) == {}
    for one in (backs, Backs(kept, OsRng(), Clock())):
        with pytest.raises(CannotOpen):
            one.open(CONTACT + sealed)


@pytest.mark.parametrize("change", [0, 3, 17, 25, 60])
def test_a_number_belongs_to_its_contact_and_to_no_other_bytes(change: int) -> None:
    backs = Backs(KeptByHand(), OsRng(), Clock())
    handled = bytearray(CONTACT + backs.seal(CONTACT, NUMBER))
    handled[change] ^= 1
    with pytest.raises(SafeconductError):
        backs.open(bytes(handled))
    with pytest.raises(SafeconductError):
        backs.open(CONTACT)


@pytest.mark.parametrize(
    ("address", "number"),
    [
        (f"sip:{NUMBER}@192.0.2.1:5060", NUMBER),
        (f'"Her <sip:110@x>" <sip:{NUMBER}@192.0.2.1;user=phone>', NUMBER),
        ("<tel:5550100>", "5550100"),
        ("sip:anonymous@anonymous.invalid", ""),
        ("sip:12@192.0.2.1", ""),
        ("sip:+1555;evil@192.0.2.1", "+1555"),
        ("sip:1555&PJSIP/x@192.0.2.1", ""),
        ("", ""),
    ],
)
def test_only_digits_are_a_number(address: str, number: str) -> None:
    assert number_in(address) == number


def test_the_telephone_calls_nobody_too_late_or_without_asterisk() -> None:
    kept = KeptByHand()
    telephone = Telephone(EXCHANGE, kept)
    handled = CONTACT + telephone._backs.seal(CONTACT, NUMBER)
    late = {"call": ORDER["call"] | {"until": 1}}
    for handle, extras in ((handled, late), (handled, {}), (CONTACT, ORDER)):
        with pytest.raises((CannotSend, Unreachable)):
            asyncio.run(telephone.send(handle, Departing("", extras=extras)))
    with pytest.raises(Unreachable):
        asyncio.run(telephone.send(handled, Departing("", extras=ORDER)))


class Calling:
    """An engine that notes whom it is to call."""

    def __init__(self) -> None:
        self.calls: list[BackCall] = []

    def call_back(self, call: BackCall) -> None:
        self.calls.append(call)


def test_only_who_was_not_rung_can_be_asked_for_anew() -> None:
    telephone, engine = Telephone(EXCHANGE, KeptByHand()), Calling()
    telephone._engine = cast("Engine", engine)
    handled = CONTACT + telephone._backs.seal(CONTACT, NUMBER)
    asyncio.run(telephone.send(handled, Departing("", extras=ORDER)))
    with pytest.raises(CannotSend):
        asyncio.run(telephone.send(handled, Departing("", extras=ORDER)))
    asyncio.run(_untried(engine.calls[0]))
    asyncio.run(telephone.send(handled, Departing("", extras=ORDER)))
    assert [one.number for one in engine.calls] == [NUMBER, NUMBER]


async def _untried(call: BackCall) -> None:
    """Let a call be tried while no operator is there; the office is told with the same handle."""
    told = list[Arrived]()
    setup = cast("Setup", None)
    ringing = Ringing(Queue())
    hands = Hands(cast("Ari", None), setup, ringing, {}, {}, {}, join=no_join, tell=told.append)
    await call_back(hands, call)
    assert [(one.contact, one.reach) for one in told] == [(CONTACT, call.reach)]


def no_join(channel: str, contact: bytes, leg: Leg) -> None:
    raise AssertionError(channel, contact, leg)


def test_keys_that_were_changed_are_refused() -> None:
    kept = KeptByHand()
    kept.save(KEPT_AS, b"spoilt")
    with pytest.raises((Malformed, SafeconductError)):
        Backs(kept, OsRng(), Clock())
