# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a process without keys calls, and whom."""

from __future__ import annotations

from msgspec.structs import replace

from safeconduct.kernel.words import DAY, HOUR, MINUTE, Instant
from safeconduct.rooms.duty.locked import (
    BEGINS_MOST,
    ROUND,
    WATCHES_MOST,
    LockedCalls,
    days_of,
    rounded,
    watches_of,
)
from safeconduct.rooms.duty.locked_ladder import (
    CALLS_MOST,
    NEWS_AFTER,
    TRIES_MOST,
    TURN,
    Ladder,
    Signs,
    read_signs,
)
from safeconduct.rooms.duty.signs import OPEN, SLOT, WATCHES, called_by, sign_of, slot_of

SECRET = b"s" * 32
NOW = Instant(20_000 * DAY + 22 * HOUR)
NONE = Signs()
ON, BEHIND, CHIEF = (bytes([at]) * 16 for at in range(3))


def handed(*begins: int, rank: int = 0) -> LockedCalls:
    """What a desk hands over that locks now: minutes from now at which somebody has to look."""
    rings = [(NOW, [{one.hex()} for one in (ON, BEHIND, CHIEF)])]
    topics, watches = watches_of(rings)
    times = rounded(NOW + at * MINUTE for at in begins)
    until = Instant(NOW + 12 * HOUR)
    return LockedCalls(
        *("http://127.0.0.1:9", tuple(map(bytes.fromhex, topics)), tuple(watches), times, rank),
        *(days_of(SECRET, rank, NOW, until), NOW, until),
    )


class Night:
    """A ladder, minute by minute."""

    def __init__(self, calls: LockedCalls) -> None:
        """Begin as the desk locks."""
        self.calls, self.ladder = calls, Ladder(calls)
        self.made: list[tuple[int, int]] = []
        self.takes = True

    def pass_to(self, minute: int, since: int, signs: Signs = NONE) -> None:
        """Look each minute; signs are heard at the first."""
        for at in range(since, minute):
            now = Instant(NOW + at * MINUTE)
            self.ladder.hear(signs if at == since else NONE)
            if topics := self.ladder.look(now):
                self.made.append((at, len(topics)))
                self.ladder.tried(now, taken=self.takes)


def at(minute: int) -> int:
    """Return the slot of a minute from now."""
    return slot_of(Instant(NOW + minute * MINUTE))


def test_it_calls_by_the_steps_of_open_desks() -> None:
    night = Night(handed(60))
    night.pass_to(150, 0)
    assert night.made == [(60, 1), (70, 2), (80, 3), (110, 3), (140, 3)]


def test_what_is_due_together_is_one_call() -> None:
    night = Night(handed(60, 61, 62, 64))
    night.pass_to(75, 0)
    assert night.made == [(60, 1), (70, 2)]


def test_nothing_is_due_and_nothing_came_so_nobody_is_called() -> None:
    night = Night(handed())
    night.pass_to(700, 0)
    assert night.made == []


def test_news_call_once_nobody_opened_a_desk() -> None:
    night = Night(handed())
    night.ladder.news(NOW)
    night.ladder.news(Instant(NOW + HOUR))
    night.pass_to(15, 0)
    assert night.made == [(NEWS_AFTER // MINUTE, 1)]


def test_an_open_desk_sees_to_what_was_due_and_what_falls_due_waits_for_its_end() -> None:
    night = Night(handed(25, 45))
    night.pass_to(30, 0)
    assert night.made == [(25, 1)]
    night.pass_to(41, 30, Signs(open=at(30)))
    night.pass_to(200, 41, Signs(open=at(40)))
    # The desk was last seen at 40; what was due at 45 is called for once its sign has ended.
    assert night.made[1] == (60, 1)


def test_news_are_seen_to_by_a_desk_that_was_open_after_they_came() -> None:
    night = Night(handed())
    night.pass_to(15, 0)
    night.ladder.news(Instant(NOW + 15 * MINUTE))
    night.pass_to(200, 21, Signs(open=at(20)))
    assert night.made == []


def test_a_desk_that_was_locked_later_watches_and_another_takes_over_where_it_ends() -> None:
    night = Night(handed(60, 90))
    night.pass_to(58, 20, Signs(open=at(20)))
    assert night.ladder.outdated
    night.pass_to(70, 58, Signs(watches=at(58)))
    night.pass_to(80, 70, Signs(watches=at(70)))
    assert night.made == []
    night.pass_to(95, 80)
    assert night.made == [(90, 1)]


def test_a_sign_that_others_watch_holds_nobody_who_knows_as_much() -> None:
    night = Night(handed(60))
    night.pass_to(65, 58, Signs(watches=at(58)))
    assert not night.ladder.outdated
    assert night.made == [(60, 1)]


def test_who_goes_later_leaves_a_step_to_who_called_and_takes_over_where_nobody_does() -> None:
    night = Night(handed(60, rank=1))
    night.pass_to(62, 0)
    night.pass_to(73, 62, Signs(called=at(61)))
    assert night.made == []
    night.pass_to(80, 73)
    assert night.made == [(70 + TURN // MINUTE, 2)]
    alone = Night(handed(60, rank=3))
    alone.pass_to(70, 0)
    assert alone.made == [(60 + 3 * TURN // MINUTE, 1)]


def test_its_own_sign_is_no_step_more() -> None:
    night = Night(handed(60, rank=3))
    night.pass_to(70, 0)
    night.ladder.hear(Signs(called=at(69)))
    night.pass_to(90, 70)
    assert night.made == [(69, 1), (79 + 3 * TURN // MINUTE, 2)]


def test_a_server_of_calls_that_is_away_is_tried_again_ever_more_rarely() -> None:
    night = Night(handed(5))
    night.takes = False
    night.pass_to(70, 0)
    assert [at for at, _ in night.made] == [5, 6, 8, 12, 20, 36, 52, 68]
    assert {count for _, count in night.made} == {1}
    night.takes = True
    night.pass_to(95, 70)
    assert night.made[8:] == [(84, 1), (94, 2)]


def test_tries_have_an_end() -> None:
    night = Night(handed(5))
    night.takes = False
    night.pass_to(720, 0)
    assert len(night.made) == TRIES_MOST
    assert night.ladder.spent


def test_calls_have_an_end() -> None:
    night = Night(handed(5))
    night.pass_to(720, 0)
    assert len(night.made) == CALLS_MOST


def test_signs_are_read_where_they_are_proved() -> None:
    day = handed(rank=1).day(slot_of(NOW))
    slot = slot_of(NOW)
    signs = [sign_of(SECRET, kind, slot) for kind in (OPEN, WATCHES, called_by(0))]
    assert read_signs(day, slot, signs) == Signs(slot, slot, slot)
    assert read_signs(day, slot, [b"", bytes(32), b"x" * 5000]) == Signs()
    assert read_signs(day, slot + 1, signs) == Signs()
    assert read_signs(None, slot, signs) == Signs()


def test_who_is_called_changes_with_the_shift() -> None:
    late = [{BEHIND.hex()}, set[str](), set[str]()]
    rings = [(Instant(NOW + hours * HOUR), late) for hours in (1, 2)]
    topics, watches = watches_of([(NOW, [{ON.hex()}, set(), set()]), *rings])
    assert len(watches) == 2
    held = tuple(map(bytes.fromhex, topics))
    changed = replace(handed(), topics=held, watches=tuple(watches))
    assert changed.rings(NOW)[0] == {ON.hex()}
    assert changed.rings(Instant(NOW + HOUR))[0] == {BEHIND.hex()}
    assert changed.rings(Instant(0))[0] == {ON.hex()}


def test_lists_that_are_handed_over_are_short() -> None:
    many = [(Instant(NOW + at), [{f"{at:032x}"}, set(), set()]) for at in range(99)]
    topics, watches = watches_of(many)
    assert len(watches) == len(topics) == WATCHES_MOST
    times = rounded(NOW + at * MINUTE + 7 for at in range(600))
    assert len(times) == BEGINS_MOST
    assert all(one % ROUND == 0 for one in times)
    assert SLOT % ROUND == 0
