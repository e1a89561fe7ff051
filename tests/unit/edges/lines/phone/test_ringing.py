# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whose telephone rings, and whom they get who answer (spec/phone.md 4)."""

from __future__ import annotations

from safeconduct.edges.lines.phone.duty import Operator
from safeconduct.edges.lines.phone.queue import Queue, Waiting
from safeconduct.edges.lines.phone.ringing import Ringing, Steps
from safeconduct.edges.lines.phone.times import REST, RING_MOST

ALMA = Operator("alma", ("en", "ru"), "PJSIP/alma", on_duty=True)
BORO = Operator("boro", ("en",), "PJSIP/boro", on_duty=True)
CIRA = Operator("cira", ("fr",), "PJSIP/cira", on_duty=True)
DINO = Operator("dino", ("en",), "PJSIP/dino", team="backup", on_duty=True)
AWAY = Operator("away", ("en",), "PJSIP/away")


def _at(*operators: Operator) -> tuple[Queue, Ringing]:
    queue = Queue()
    ringing = Ringing(queue)
    ringing.duty(operators)
    return queue, ringing


def test_those_who_speak_the_language_then_everyone_then_the_backup_team() -> None:
    queue, ringing = _at(ALMA, BORO, CIRA, DINO, AWAY)
    queue.join(Waiting("a", "en", 100.0))
    assert ringing.step(100.0) == Steps(ring=("alma", "boro"))
    assert ringing.due(100.0) == 115.0
    assert ringing.step(114.9) == Steps()
    assert ringing.step(115.0) == Steps(ring=("cira",))
    assert ringing.due(115.0) == 120.0
    assert ringing.step(120.0) == Steps(ring=("dino",))


def test_everyone_at_once_where_nobody_on_duty_speaks_the_language() -> None:
    queue, ringing = _at(ALMA, CIRA, DINO)
    queue.join(Waiting("a", "uk", 0.0))
    assert ringing.step(0.0).ring == ("alma", "cira")


def test_the_backup_team_at_once_where_it_alone_is_on_duty() -> None:
    queue, ringing = _at(AWAY, DINO)
    assert ringing.anybody()
    queue.join(Waiting("a", "en", 0.0))
    assert ringing.step(0.0).ring == ("dino",)


def test_nobody_is_rung_where_nobody_is_on_duty() -> None:
    queue, ringing = _at(AWAY)
    assert not ringing.anybody()
    queue.join(Waiting("a", "en", 0.0))
    assert ringing.step(100.0) == Steps()


def test_the_first_answer_wins_and_the_others_stop() -> None:
    queue, ringing = _at(ALMA, BORO)
    queue.join(Waiting("a", "en", 0.0))
    ringing.step(0.0)
    won = ringing.answered("boro", 1.0)
    assert won is not None
    assert won.call == "a"
    assert ringing.step(1.0) == Steps(stop=("alma",))
    assert ringing.answered("alma", 1.1) is None


def test_the_second_answer_gets_the_second_in_line_and_rings_on_till_then() -> None:
    queue, ringing = _at(ALMA, BORO)
    queue.join(Waiting("a", "en", 0.0))
    queue.join(Waiting("b", "en", 1.0))
    ringing.step(1.0)
    assert ringing.answered("alma", 2.0) is not None
    assert ringing.step(2.0) == Steps()
    second = ringing.answered("boro", 3.0)
    assert second is not None
    assert second.call == "b"


def test_whoever_becomes_free_is_rung_at_once_for_the_first_in_line() -> None:
    queue, ringing = _at(ALMA)
    queue.join(Waiting("a", "en", 0.0))
    ringing.step(0.0)
    ringing.answered("alma", 1.0)
    queue.join(Waiting("plain", "en", 2.0))
    queue.join(Waiting("forced", "en", 3.0, duress=True))
    assert ringing.step(3.0) == Steps()
    ringing.free("alma")
    assert ringing.step(4.0) == Steps(ring=("alma",))
    won = ringing.answered("alma", 5.0)
    assert won is not None
    assert won.call == "forced"


def test_who_answers_gets_the_first_whom_they_may_take() -> None:
    queue, ringing = _at(BORO, CIRA)
    queue.join(Waiting("english", "en", 0.0, duress=True))
    queue.join(Waiting("french", "fr", 1.0))
    assert set(ringing.step(1.0).ring) == {"boro", "cira"}
    won = ringing.answered("cira", 2.0)
    assert won is not None
    assert won.call == "french"


def test_an_engaged_telephone_rests_and_is_rung_again() -> None:
    queue, ringing = _at(ALMA)
    queue.join(Waiting("a", "en", 0.0))
    ringing.step(0.0)
    ringing.unanswered("alma", 1.0)
    assert ringing.step(1.0) == Steps()
    assert ringing.due(1.0) == 1.0 + REST
    assert ringing.step(1.0 + REST).ring == ("alma",)


def test_a_telephone_that_nobody_takes_does_not_ring_for_ever() -> None:
    queue, ringing = _at(ALMA)
    queue.join(Waiting("a", "en", 0.0))
    ringing.step(0.0)
    assert ringing.due(20.0) == RING_MOST
    assert ringing.step(RING_MOST) == Steps(stop=("alma",))
    assert ringing.step(RING_MOST + REST) == Steps(ring=("alma",))


def test_a_caller_who_hangs_up_lets_the_telephones_rest() -> None:
    queue, ringing = _at(ALMA)
    queue.join(Waiting("a", "en", 0.0))
    ringing.step(0.0)
    queue.leave("a")
    assert ringing.step(1.0) == Steps(stop=("alma",))


def test_who_goes_off_duty_is_rung_no_longer_and_a_found_talk_keeps_one_engaged() -> None:
    queue, ringing = _at(ALMA, BORO)
    ringing.talks("boro")
    queue.join(Waiting("a", "en", 0.0))
    assert ringing.step(0.0).ring == ("alma",)
    ringing.duty((BORO,))
    assert ringing.step(1.0) == Steps(stop=("alma",))
