# SPDX-License-Identifier: AGPL-3.0-or-later
"""Timers: always as many, changed by turns, moved once by a token, called late and never lost."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import apsw
import msgspec
import pytest

from safeconduct.edges.desk import pager as desk_pager
from safeconduct.edges.relay import calling, timers
from safeconduct.edges.relay.calling import Page, Pager
from safeconduct.edges.relay.timers import CALLED_AGAIN, MOVED_BY
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Malformed, SafeconductError
from safeconduct.kernel.wire.bodies import write_body
from safeconduct.kernel.wire.pages import SENTENCE
from safeconduct.kernel.wire.refusals import Conflict, NotFound
from safeconduct.kernel.wire.timers import (
    CALLS_MOST,
    CHANGED,
    FURTHEST,
    STEP,
    TIMERS,
    Timer,
    TimerMove,
    TimerTurn,
    new_timer,
    parse_timers_kept,
    rounded,
    turn_of,
)
from safeconduct.kernel.words import DAY, MINUTE, Instant
from tests.kit.phones import phones
from tests.kit.relay import START, Kept, SetClock, relay
from tests.kit.relay_web import Client, refusal

SOON = rounded(START + 40 * MINUTE)


def timer(number: int, due: int = SOON) -> Timer:
    token_hash = hashlib.sha256(token(number)).digest()
    return new_timer(due, token_hash, number.to_bytes(16, "little"))


def token(number: int) -> bytes:
    return number.to_bytes(32, "big")


def first(due: int = SOON) -> TimerTurn:
    return TimerTurn(turn_of(START), [], [timer(each, due) for each in range(TIMERS)])


def next_turn(turns: int = 1, at: int = 0) -> TimerTurn:
    gone = [timer(each).id for each in range(at, at + CHANGED)]
    new = [timer(100 + each) for each in range(at, at + CHANGED)]
    return TimerTurn(turn_of(START) + turns, gone, new)


@pytest.fixture
def kept(tmp_path: Path, clock: SetClock) -> Iterator[Kept]:
    """A relay that calls phones; its own thread reaches nobody."""
    with relay(tmp_path, clock=clock) as kept:
        kept.store.call_by(lambda _: False)
        yield kept


class Pages:
    """A pager by hand: it takes what the list says, the last one for ever."""

    def __init__(self, *answers: bool) -> None:
        self.answers = list(answers)
        self.heard: list[str] = []

    def __call__(self, topic: str) -> bool:
        self.heard.append(topic)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def look(kept: Kept, page: Page) -> bool:
    return kept.store.parts.caller.look(page)


def stands(kept: Kept) -> dict[bytes, tuple[int, int]]:
    return {one.id: (one.due, one.calls) for one in kept.desk.timers().timers}


def test_turn_takes_as_many_as_it_brings(kept: Kept, clock: SetClock) -> None:
    kept.desk.turn(first())
    clock.time += STEP
    kept.desk.turn(next_turn())
    assert len(stands(kept)) == TIMERS
    assert kept.desk.timers().turn == turn_of(START) + 1
    assert not set(stands(kept)) & set(next_turn().gone)


@pytest.mark.parametrize(
    ("gone", "new"), [(0, 1), (0, TIMERS - 1), (CHANGED, CHANGED - 1), (CHANGED + 1, CHANGED)]
)
def test_another_number_is_malformed(kept: Kept, gone: int, new: int) -> None:
    ids = [timer(each).id for each in range(gone)]
    with pytest.raises(Malformed):
        kept.desk.turn(TimerTurn(turn_of(START), ids, [timer(50 + each) for each in range(new)]))


def test_due_that_is_no_whole_step_or_too_far_is_malformed(client: Client) -> None:
    token = client.kept.office.capability()
    for due in (SOON + 1, rounded(START + FURTHEST) + STEP):
        reply = client.ask("POST", "/timers", write_body(first(due)), token=token)
        assert refusal(reply).code == "malformed"


def test_one_turn_in_five_minutes_and_none_of_another_time(kept: Kept, clock: SetClock) -> None:
    kept.desk.turn(first())
    with pytest.raises(Conflict):
        kept.desk.turn(TimerTurn(turn_of(START), next_turn().gone, next_turn().new))
    for ahead in (1, 2):
        with pytest.raises(Conflict):
            kept.desk.turn(next_turn(ahead))
    clock.time += STEP
    kept.desk.turn(next_turn())
    kept.desk.turn(next_turn())  # As after an answer that was lost.
    with pytest.raises(Conflict):
        kept.desk.turn(next_turn(1, at=CHANGED))


def test_clock_that_was_ahead_for_a_while_holds_up_no_turn(kept: Kept, clock: SetClock) -> None:
    clock.time += 365 * DAY
    kept.desk.turn(TimerTurn(turn_of(clock.time), [], first().new))
    clock.time = START
    assert kept.desk.timers().turn == turn_of(START) - 1
    for turn in (0, 1):
        kept.desk.turn(next_turn(turn, at=CHANGED * turn))
        assert kept.desk.timers().turn == turn_of(START) + turn
        clock.time += STEP


def test_timer_under_an_id_of_another_is_malformed(kept: Kept, clock: SetClock) -> None:
    kept.desk.turn(first())
    clock.time += STEP
    made = next_turn()
    for field, value in (("due", SOON + STEP), ("topic", bytes(16)), ("cancel_hash", bytes(32))):
        swapped = msgspec.structs.replace(made.new[0], **{field: value})
        with pytest.raises(Malformed):
            kept.desk.turn(TimerTurn(made.turn, made.gone, [swapped, *made.new[1:]]))


def test_turn_of_timers_that_do_not_stand_changes_nothing(kept: Kept, clock: SetClock) -> None:
    with pytest.raises(Conflict):
        kept.desk.turn(next_turn(0))
    kept.desk.turn(first())
    before = stands(kept)
    clock.time += STEP
    for wrong in (first(), next_turn(1, at=TIMERS)):
        with pytest.raises(Conflict):
            kept.desk.turn(TimerTurn(turn_of(clock.time), wrong.gone, wrong.new))
    assert stands(kept) == before


def test_token_moves_a_timer_once_and_a_replay_changes_nothing(kept: Kept, clock: SetClock) -> None:
    kept.desk.turn(first(rounded(START)))
    name = timer(3, rounded(START)).id
    kept.public.moved(TimerMove(name, token(3)))
    moved = rounded(START + MOVED_BY)
    assert stands(kept)[name] == (moved, 0)
    clock.time += 20 * MINUTE
    kept.public.moved(TimerMove(name, token(3)))
    assert stands(kept)[name] == (moved, 0)
    assert [one for one in stands(kept).values() if one[0] == moved] == [(moved, 0)]


def test_token_never_makes_a_call_come_sooner(kept: Kept) -> None:
    late = Instant(rounded(START + FURTHEST) - STEP)
    kept.desk.turn(first(late))
    kept.public.moved(TimerMove(timer(3, late).id, token(3)))
    assert stands(kept)[timer(3, late).id] == (late, 0)


def test_every_move_is_answered_alike(client: Client) -> None:
    client.kept.desk.turn(first(rounded(START)))
    asks = [(3, 3), (3, 3), (3, 4), (99, 99)]
    moves = [write_body(TimerMove(timer(one, rounded(START)).id, token(by))) for one, by in asks]
    replies = [client.ask("POST", "/moved", move) for move in moves]
    assert {(one.status, one.body, tuple(one.headers)) for one in replies} == {
        (200, encode([]), tuple(replies[0].headers))
    }


def test_calls_are_made_by_the_wire_as_by_the_store(client: Client) -> None:
    assert client.desk("POST", "/timers", write_body(first())) == encode([])
    assert len(parse_timers_kept(client.desk("GET", "/timers")).timers) == TIMERS


def test_relay_without_a_pager_keeps_no_timers(tmp_path: Path) -> None:
    with relay(tmp_path) as kept:
        for ask in (kept.desk.timers, lambda: kept.desk.turn(first())):
            with pytest.raises(NotFound):
                ask()


def test_passed_timer_calls_again_and_then_no_more(kept: Kept, clock: SetClock) -> None:
    kept.desk.turn(first())
    page = Pages(True)
    heard = page.heard
    look(kept, page)
    assert heard == []
    clock.time = SOON
    look(kept, page)
    assert sorted(heard) == sorted(timer(each).topic.hex() for each in range(TIMERS))
    look(kept, page)
    assert len(heard) == TIMERS
    for _ in range(CALLS_MOST + 2):
        clock.time += CALLED_AGAIN + STEP
        look(kept, page)
    assert len(heard) == TIMERS * CALLS_MOST
    assert {calls for _, calls in stands(kept).values()} == {CALLS_MOST}


def test_call_that_was_not_taken_is_made_again(kept: Kept, clock: SetClock) -> None:
    kept.desk.turn(first())
    page = Pages(False, True)
    heard = page.heard
    clock.time = SOON + 3 * 60 * MINUTE  # Late, since the relay was off for hours.
    assert not look(kept, page)
    assert len(heard) == TIMERS
    assert look(kept, page)
    assert len(heard) == TIMERS + 1


def test_call_that_cannot_be_written_down_keeps_no_other_back(
    kept: Kept, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.desk.turn(first())
    clock.time = SOON
    page = Pages(True)
    written = timers.called

    def full(connection: apsw.Connection, one: timers.Due, now: Instant) -> None:
        if len(page.heard) == 1:
            raise apsw.FullError
        written(connection, one, now)

    monkeypatch.setattr(timers, "called", full)
    assert not look(kept, page)
    assert len(set(page.heard)) == TIMERS
    assert look(kept, page)
    assert page.heard[TIMERS:] == page.heard[:1]


def test_caller_goes_on_whatever_goes_wrong(tmp_path: Path, clock: SetClock) -> None:
    tried = threading.Event()

    def page(_: str) -> bool:
        if tried.is_set():
            again.set()
        tried.set()
        raise RuntimeError

    again = threading.Event()
    with relay(tmp_path, clock=clock) as kept, pytest.MonkeyPatch.context() as patch:
        patch.setattr(calling, "TRY_AGAIN_SECONDS", 0.01)
        clock.time = SOON
        kept.store.call_by(page)
        kept.desk.turn(TimerTurn(turn_of(SOON), [], first().new))
        assert again.wait(10)


def test_pager_that_holds_the_line_does_not_hold_the_relay(
    tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, goes_on = threading.Event(), threading.Event()

    def page(_: str) -> bool:
        held.set()
        return not goes_on.wait(30)

    monkeypatch.setattr(calling, "CLOSE_SECONDS", 0.05)
    monkeypatch.setattr(calling, "TRY_AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(calling, "LOOK_SECONDS", 0.01)
    with relay(tmp_path, clock=clock) as kept:
        kept.store.call_by(page)
        kept.desk.turn(first(rounded(START)))
        assert held.wait(10)
    assert not goes_on.is_set()
    goes_on.set()


def test_timer_that_a_token_moved_while_it_was_called_stays_moved(
    kept: Kept, clock: SetClock
) -> None:
    kept.desk.turn(first())
    clock.time = SOON

    def page(topic: str) -> bool:
        if topic == timer(3).topic.hex():
            kept.public.moved(TimerMove(timer(3).id, token(3)))
        return True

    look(kept, page)
    assert stands(kept)[timer(3).id] == (rounded(SOON + MOVED_BY), 0)


def test_every_call_is_the_one_that_desks_make() -> None:
    with phones() as book:
        topics = [timer(each).topic.hex() for each in range(3)]
        assert [Pager(book.address)(topic) for topic in topics] == [True] * 3
        assert desk_pager.Pager().call(book.address, topics[0])
        assert book.topics == [*topics, topics[0]]
        assert {one.body for one in book.heard} == {SENTENCE.encode()}
        assert len({tuple(sorted(one.headers.items())) for one in book.heard}) == 1
        book.answers = 403
        assert not Pager(book.address)(topics[0])
    assert not Pager(book.address)(topics[0])


def test_timers_of_two_offices_are_apart(kept: Kept) -> None:
    kept.desk.turn(first(rounded(START)))
    other = bytes(16)
    with pytest.raises(SafeconductError):
        kept.store.public(other).moved(TimerMove(timer(3).id, token(3)))
