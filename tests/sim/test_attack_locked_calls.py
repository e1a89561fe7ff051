# SPDX-License-Identifier: AGPL-3.0-or-later
"""Attacks on calls from locked desks: by who takes one, by a server, by who floods the intake."""

import hashlib
import secrets
from collections.abc import Iterator

import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.words import HOUR, MINUTE, Address, Instant
from safeconduct.rooms.duty import signs
from safeconduct.rooms.duty.locked_ladder import CALLS_MOST
from safeconduct.rooms.duty.signs import OPEN, SLOTS, address_of, called_by, sign_of, slot_of
from tests.kit.phones import Phones, phones
from tests.sim.courier import Rehearsal
from tests.sim.locked import Night
from tests.sim.steps import Hand, Person
from tests.sim.test_travel import pack

pytestmark = pytest.mark.attack


@pytest.fixture
def server() -> Iterator[Phones]:
    """A server of calls."""
    with phones() as book:
        yield book


@pytest.fixture
def night(
    stage: Rehearsal, person: Person, hands: tuple[Hand, Hand], server: Phones
) -> Iterator[Night]:
    """Both desks know what there is."""
    night = Night(stage, person, hands, server)
    yield night
    night.close()


class Lying:
    """A relay that says of each box what it likes, and keeps what it was given."""

    def __init__(self, says: list[bytes]) -> None:
        self.says = says

    def put(self, address: Address, item: bytes) -> None:  # noqa: ARG002
        """Keep it, to say it again in every other box."""
        self.says.append(item)

    def collect(self, address: Address) -> list[bytes]:  # noqa: ARG002
        return self.says


def secret_of(night: Night) -> bytes:
    """Return what signs of the office come from."""
    secret = night.hands[0].desk.duty._book.signs()
    assert secret is not None
    return secret


def test_what_a_locked_desk_holds_tells_no_minute_and_of_nobody(night: Night) -> None:
    first = night.hands[0].desk
    due = Instant(first.now() + 3 * HOUR + 7 * MINUTE + 123)
    first.answer(night.talk, "Wait.", next_contact=due)
    errand = night.errand(night.hands[0])
    assert errand.calls is not None
    assert errand.calls.begins
    assert all(one % (5 * MINUTE) == 0 for one in errand.calls.begins)
    held = encode(errand)
    talk = first.conversation(night.talk)
    assert talk is not None
    members = first.roster().members
    told = [night.talk, *(one.id for one in talk.messages), *members]
    texts = [first.inbox(show="all", start=0, most=1)[0][0].code_name, "Go.", "Wait."]
    texts += [one.person for one in members.values()]
    for secret in [*told, first.journal.place.capability, *map(str.encode, texts)]:
        assert secret not in held


def test_who_takes_a_locked_desk_cannot_say_that_one_is_open(night: Night) -> None:
    calls = night.errand(night.hands[0]).calls
    assert calls is not None
    held = {
        value
        for day in calls.days
        for value in (day.board, day.open, *day.ranks, day.watches.sign, day.called.sign)
    }
    made = set(held)
    for value in held:
        for _ in range(SLOTS):
            value = hashlib.sha256(signs._LABEL + value).digest()  # noqa: PLW2901
            made.add(value)
    secret, first = secret_of(night), slot_of(Instant(night.stage.clock.time))
    last = slot_of(Instant(calls.until))
    assert not made & {sign_of(secret, OPEN, slot) for slot in range(first, last + 1)}


def test_no_server_keeps_locked_desks_quiet(night: Night, server: Phones) -> None:
    now = slot_of(Instant(night.stage.clock.time))
    old = [sign_of(secret_of(night), OPEN, now - back) for back in range(4)]
    said = [*old, secrets.token_bytes(32), bytes(32)]
    night.lock(night.hands[1], Lying(said))
    night.minutes(2 * 60 + 35)
    assert server.topics == [night.on_duty]


def test_server_that_says_over_and_over_that_something_came_rings_phones_only_so_often(
    night: Night, server: Phones
) -> None:
    night.lock(night.hands[1])
    night.minutes(12 * 60, news=True)
    rung = [topic for topic in server.topics if topic == night.on_duty]
    assert len(rung) == CALLS_MOST
    assert night.locked[0].caller.ended


def test_who_takes_a_locked_desk_cannot_keep_that_of_who_is_on_duty_quiet(
    night: Night, server: Phones
) -> None:
    taken = night.errand(night.hands[0]).calls
    assert taken is not None
    night.lock(night.hands[1])
    secret = secret_of(night)
    for at in range(160):
        slot = slot_of(Instant(night.stage.clock.time + MINUTE))
        day = taken.day(slot)
        assert day is not None
        sign = signs.own(day.called, slot)
        assert sign == sign_of(secret, called_by(taken.rank), slot)
        if at % 10 in {0, 9}:
            night.board.put(address_of(day.board, slot), sign)
        night.minutes(1)
    assert server.topics[:1] == [night.on_duty]


def test_device_on_a_trip_hands_over_nobody_to_call(night: Night) -> None:
    calls = night.hands[1].desk.duty.calls
    calls.prepare(0)
    assert calls.hands_over
    light = pack(night.stage, "second", [night.hands[1].desk.journal.hotline_vault])
    light.duty.calls.prepare(0)
    assert light.duty._book.signs() is not None
    assert light.duty.calls.pages().address
    assert not light.duty.calls.hands_over
