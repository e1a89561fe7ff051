# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who runs the relay, or found a slip, against the watch: what they learn, and what they change."""

from __future__ import annotations

from collections.abc import Iterator

import apsw
import pytest

from safeconduct.edges.desk.watch_api import RelayKeeps
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.wire.timers import (
    CHANGED,
    Timer,
    TimerTurn,
    new_timer,
    rounded,
    turn_of,
)
from safeconduct.kernel.words import HOUR, Instant
from tests.kit.phones import phones
from tests.sim.courier import Rehearsal, StoreCourier
from tests.sim.steps import Hand
from tests.sim.watching import DURESS, LABEL, RIGHT, Watchers

pytestmark = pytest.mark.attack
SECRETS = [word.encode() for word in (LABEL, RIGHT, DURESS)]


class Seized(StoreCourier):
    """The relay as its enemy runs it: every call is written down, with its minute and length."""

    def __init__(self, office: Watchers) -> None:
        inner = office.stage.courier(office.first)
        super().__init__(inner.store, inner.office, inner._capability)
        self._clock = office.stage.clock
        self.seen: list[tuple[int, int]] = []
        self.bodies: list[bytes] = []

    def turn(self, body: bytes) -> None:
        """Note a turn: in which five minutes, of how many bytes."""
        self.seen.append((self._clock.time // 300_000, len(body)))
        self.bodies.append(body)
        super().turn(body)


@pytest.fixture
def office(stage: Rehearsal, hands: tuple[Hand, Hand]) -> Iterator[Watchers]:
    with phones() as server:
        office = Watchers(stage, hands, server)
        yield office
        for hand in hands:
            hand.desk.duty.calls.pager.close()


def test_seized_relay_counts_as_much_with_check_ins_as_without_any(office: Watchers) -> None:
    relay = Seized(office)
    office.minutes(61, office.first, courier=relay)
    idle, began = len(relay.seen), relay.seen[0][0]
    for each in range(3):
        check_in = office.expect(hours=each + 2)
        office.minutes(10, office.first, courier=relay)
        office.first.check_ins.move(check_in.id, Instant(check_in.due + HOUR))
        office.minutes(10, office.first, courier=relay)
        office.first.check_ins.hear(check_in.id, (RIGHT, DURESS, "another")[each])
    office.minutes(5, office.first, courier=relay)
    slots = [slot for slot, _ in relay.seen]
    assert slots == list(range(began, began + len(slots)))
    assert len(slots) > idle + 10
    assert len({length for _, length in relay.seen[1:]}) == 1
    connection = apsw.Connection(str(office.stage.folder / "relay.db"))
    rows = connection.execute("SELECT count(*) FROM timers").get
    columns = [row[1] for row in connection.execute("PRAGMA table_info(timers)")]
    connection.close()
    assert rows == 32
    assert columns == ["office", "id", "due", "cancel_hash", "topic", "calls"]
    files = b"".join(path.read_bytes() for path in office.stage.folder.glob("relay.db*"))
    assert not [word for word in SECRETS if word in files + b"".join(relay.bodies)]


def test_nobody_swaps_a_timer_for_another_under_its_id(office: Watchers) -> None:
    check_in = office.expect()
    office.minutes(10, office.first)
    name = office.timer_of(check_in)
    office.pass_minutes(5)
    office.take_away(name, number=1)
    office.pass_minutes(5)
    stands = office.door().timers()
    new = [new_timer(rounded(stands.now), bytes(32), bytes([each]) * 16) for each in range(CHANGED)]
    new[0] = Timer(name, rounded(stands.now + 24 * HOUR), bytes(32), bytes(16))
    gone = [one.id for one in stands.timers[:CHANGED]]
    with pytest.raises(Malformed):
        office.door().turn(TimerTurn(turn_of(stands.now), gone, new))
    office.minutes(5, office.first)
    assert office.timers()[name] == (rounded(check_in.silent_from), 0)


def test_who_writes_every_turn_before_desks_do_is_noticed(office: Watchers) -> None:
    office.minutes(5, office.first)
    office.expect()
    watch = office.first.check_ins
    for minute in range(60):
        office.pass_minutes(1)
        office.relay_calls()
        if office.door().timers().turn < turn_of(office.stage.clock.time):
            office.take_away(number=minute)
        assert watch.relay_keeps() is RelayKeeps.KEEPS or minute >= 30
        assert not watch.keep(office.courier())
    assert watch.relay_keeps() is RelayKeeps.LOST
    assert not watch.watched()[0].kept


def test_token_that_was_used_puts_no_call_off_again(office: Watchers) -> None:
    check_in = office.expect()
    office.minutes(10, office.first)
    name = office.timer_of(check_in)
    office.pass_minutes(120)
    office.show_token(check_in, name)
    for _ in range(3):
        office.pass_minutes(15)
        office.show_token(check_in, name)
    assert office.relay_calls() == [office.names[0]]


def test_who_knows_a_timer_and_not_its_token_puts_no_call_off(office: Watchers) -> None:
    check_in = office.expect()
    office.minutes(10, office.first)
    office.pass_minutes(130)
    office.show_token(check_in, office.timer_of(check_in), wrong=True)
    assert office.relay_calls() == [office.names[0]]
