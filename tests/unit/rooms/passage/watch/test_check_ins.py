# SPDX-License-Identifier: AGPL-3.0-or-later
"""Silence, a wrong word and a duress word are three alarms; who is called for each, and when."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from safeconduct.kernel.errors import Malformed, Refused
from safeconduct.kernel.words import DAY, HOUR, MINUTE, FactId, Instant
from safeconduct.rooms.passage.watch import check_in_decide as decide
from safeconduct.rooms.passage.watch.check_in_facts import (
    VERSION,
    CheckInMoved,
    CheckInSeen,
    Danger,
    Verdict,
    kind_of,
    parse_fact,
    write_fact,
)
from safeconduct.rooms.passage.watch.check_ins import (
    STEP,
    called_for,
    dangers_of,
    fold_check_ins,
    is_late,
)
from tests.kit.check_ins import (
    DUE,
    DURESS,
    FIRST,
    LATER,
    NOW,
    RIGHT,
    SECOND,
    THIRD,
    Desks,
    id_of,
    typed,
)


@pytest.fixture
def desks() -> Desks:
    desks = Desks()
    desks.set()
    return desks


def dangers(desks: Desks, now: int) -> list[Danger]:
    return [one.danger for one in dangers_of(desks.one(), Instant(now))]


def test_late_is_no_alarm_and_the_end_of_the_grace_is(desks: Desks) -> None:
    assert not is_late(desks.one(), Instant(DUE - 1))
    assert is_late(desks.one(), DUE)
    assert dangers(desks, LATER - 1) == []
    assert not is_late(desks.one(), LATER)
    assert dangers(desks, LATER) == [Danger.SILENCE]


def test_right_word_in_time_or_late_ends_the_silence(desks: Desks) -> None:
    desks.hear(f"  {RIGHT.upper()} ", LATER + 1)
    assert dangers(desks, LATER + HOUR) == []
    assert desks.one().answered == LATER + 1


@pytest.mark.parametrize(("word", "danger"), [("ветка", Danger.WRONG), (DURESS, Danger.DURESS)])
def test_another_word_is_an_alarm_that_no_right_word_takes_back(
    desks: Desks, word: str, danger: Danger
) -> None:
    desks.hear(word)
    desks.hear(RIGHT)
    desks.move(LATER + HOUR)
    assert dangers(desks, NOW) == [danger]
    desks.tell(decide.end(desks.one()))
    assert dangers(desks, LATER + 2 * HOUR) == []


def test_another_word_does_not_end_the_wait(desks: Desks) -> None:
    desks.hear(DURESS)
    assert dangers(desks, LATER) == [Danger.DURESS, Danger.SILENCE]


def test_right_word_counts_for_the_time_it_was_said_for(desks: Desks) -> None:
    before = desks.one()
    desks.move(DUE + HOUR)
    desks.tell(decide.hear(before, RIGHT), LATER * 2)  # By a desk that knew of no move.
    assert desks.one().waits
    desks.hear(RIGHT)
    assert not desks.one().waits
    desks.move(DUE + 2 * HOUR)
    assert desks.one().waits


def test_of_two_moves_at_once_the_earlier_time_stands(desks: Desks) -> None:
    before = desks.one()
    for due in (DUE + 2 * HOUR, DUE + HOUR):
        desks.tell(decide.move(before, Instant(due), NOW))
    assert desks.one().due == DUE + HOUR
    desks.move(DUE + 3 * HOUR)
    assert desks.one().due == DUE + 3 * HOUR


def test_two_that_set_one_id_are_one_check_in(desks: Desks) -> None:
    desks.tell(decide.set_check_in(desks.one().id, typed(label="Other", due=DUE - HOUR), NOW))
    assert (len(desks.all()), desks.one().label) == (1, "Клён")


@pytest.mark.attack
def test_device_that_sets_a_colleagues_check_in_again_changes_nothing() -> None:
    desks, other = Desks(), decide.set_check_in(id_of(1), typed("Other", DUE + DAY), NOW)
    desks.tell(other, NOW, SECOND)  # Its fact has the smallest id.
    before = desks.set()
    desks.tell(other, NOW, SECOND)
    assert before.label == "Клён"
    assert desks.all() == (before,)


@pytest.mark.parametrize(("ahead", "counts"), [(7 * DAY, True), (7 * DAY + 1, False)])
def test_time_too_far_ahead_counts_for_nothing(desks: Desks, ahead: int, counts: bool) -> None:
    before = desks.one()
    desks.tell(CheckInMoved(before.id, NOW + ahead, before.stood))
    assert desks.one().due == (NOW + ahead if counts else DUE)
    made = decide.set_check_in(id_of(2), typed(), NOW)
    desks.tell(msgspec.structs.replace(made, due=NOW + ahead))
    assert len(desks.all()) == 1 + counts


@pytest.mark.attack
def test_who_sees_to_it_beforehand_sees_to_nothing(desks: Desks) -> None:
    one = desks.one()
    for danger in Danger:
        desks.tell(CheckInSeen(one.id, one.stood, danger), NOW)
    desks.hear(DURESS, NOW + MINUTE)
    desks.hear("ветка", NOW + MINUTE)
    found = dangers_of(desks.one(), LATER)
    assert [alarm.danger for alarm in found] == [Danger.DURESS, Danger.WRONG, Danger.SILENCE]
    assert [alarm.seen for alarm in found] == [None, None, None]
    assert decide.see_to(desks.one(), Danger.DURESS, LATER).danger == Danger.DURESS


def test_who_sees_to_it_by_a_clock_that_is_ahead_is_waited_for(desks: Desks) -> None:
    one, ahead = desks.one(), LATER + HOUR
    desks.tell(CheckInSeen(one.id, one.stood, Danger.SILENCE), ahead)
    for now, seen in ((LATER, False), (ahead - 11 * MINUTE, False), (ahead, True)):
        (alarm,) = dangers_of(desks.one(), Instant(now))
        assert (alarm.seen is not None) == seen


def test_alarm_calls_by_name_one_after_the_other_and_then_all_on_duty(desks: Desks) -> None:
    def calls(after: int) -> tuple[tuple[bytes, ...], bool]:
        (alarm,) = dangers_of(desks.one(), Instant(LATER + after))
        return called_for(alarm, Instant(LATER + after))

    assert calls(0) == ((FIRST,), False)
    assert calls(STEP) == ((FIRST, SECOND), False)
    assert calls(2 * STEP) == ((FIRST, SECOND, THIRD), False)
    assert calls(3 * STEP) == ((FIRST, SECOND, THIRD), True)


def test_who_sees_to_it_stops_the_calls_and_hides_nothing(desks: Desks) -> None:
    desks.tell(decide.see_to(desks.one(), Danger.SILENCE, LATER), LATER, SECOND)
    (alarm,) = dangers_of(desks.one(), Instant(LATER + HOUR))
    assert alarm.seen is not None
    assert alarm.seen.by == SECOND
    assert called_for(alarm, Instant(LATER + HOUR)) == ((), False)


def test_who_saw_to_one_silence_does_not_see_to_the_next(desks: Desks) -> None:
    desks.tell(decide.see_to(desks.one(), Danger.SILENCE, LATER), LATER)
    desks.move(DUE + 2 * HOUR, LATER)
    (alarm,) = dangers_of(desks.one(), Instant(LATER + 2 * HOUR))
    assert alarm.seen is None


def test_who_sees_to_a_duress_word_does_not_see_to_silence(desks: Desks) -> None:
    desks.hear(DURESS)
    desks.tell(CheckInSeen(desks.one().id, desks.one().stood, Danger.DURESS))
    assert [one.seen is None for one in dangers_of(desks.one(), LATER)] == [False, True]


def test_order_of_facts_decides_nothing(desks: Desks) -> None:
    desks.hear("ветка")
    desks.move(DUE + HOUR)
    desks.hear(RIGHT)
    desks.set(2, DUE - MINUTE)
    whole = desks.all()
    assert [fold_check_ins(desks.told[at:] + desks.told[:at]) for at in range(5)] == [whole] * 5


@pytest.mark.parametrize(
    "change",
    [
        {"label": " "},
        {"label": "x" * 61},
        {"grace": 4},
        {"due": NOW + MINUTE},
        {"due": NOW + 30 * 24 * HOUR},
        {"right": DURESS.upper()},
        {"duress": "ab"},
        {"right": "x" * 41},
        {"called": ()},
        {"called": (FIRST, FIRST)},
        {"called": (FIRST, SECOND, THIRD, FIRST)},
    ],
)
def test_what_makes_no_check_in_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        decide.set_check_in(bytes(16), typed()._replace(**change), NOW)


def test_nothing_is_done_to_one_that_has_ended(desks: Desks) -> None:
    desks.tell(decide.end(desks.one()))
    over = desks.one()
    for act in (
        lambda: decide.hear(over, RIGHT),
        lambda: decide.move(over, DUE, NOW),
        lambda: decide.end(over),
        lambda: decide.end(None),
        lambda: decide.see_to(over, Danger.SILENCE, LATER),
    ):
        with pytest.raises(decide.CheckInOver):
            act()


def test_alarm_that_is_none_is_seen_to_by_nobody(desks: Desks) -> None:
    with pytest.raises(decide.NoSuchAlarm):
        decide.see_to(desks.one(), Danger.SILENCE, NOW)


def test_words_stand_nowhere_in_the_facts(desks: Desks) -> None:
    heard = [decide.hear(desks.one(), word) for word in (RIGHT, DURESS, "ветка")]
    assert [one.verdict for one in heard] == [Verdict.RIGHT, Verdict.DURESS, Verdict.WRONG]
    bodies = b"".join(write_fact(one.event) for one in desks.told)
    assert RIGHT.encode() not in bodies
    assert DURESS.encode() not in bodies
    assert len({len(write_fact(one)) for one in heard}) == 1
    assert "words" not in repr(desks.one())


def test_every_fact_reads_as_it_was_written(desks: Desks) -> None:
    desks.hear(RIGHT)
    desks.move(DUE + HOUR)
    desks.tell(CheckInSeen(bytes(16), (FactId(bytes(36)),), 0))
    desks.tell(decide.end(desks.one()))
    for one in desks.told:
        assert parse_fact(kind_of(one.event), VERSION, write_fact(one.event)) == one.event
        assert parse_fact(kind_of(one.event), VERSION + 1, b"") is None
    with pytest.raises(Malformed):
        parse_fact("watch.CheckInEnded", VERSION, b"\x90")
