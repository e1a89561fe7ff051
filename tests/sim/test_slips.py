# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slips on real desks and a real relay: handed to who came, judged, and withheld once frozen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.desk.check import verify_store
from safeconduct.edges.desk.slip_handing import OTHERS_AFTER
from safeconduct.edges.desk.slips import SlipChanged
from safeconduct.kernel.sheets import Typed
from safeconduct.kernel.wire.timers import TimerMove
from safeconduct.kernel.words import DAY, SECOND, Instant
from safeconduct.rooms.crew import Role
from safeconduct.rooms.passage import Book
from safeconduct.rooms.passage.errand.slip import WrongSlip
from safeconduct.rooms.passage.errand.slip_report import SLIP, SaidSo
from safeconduct.rooms.passage.errand.slips import SlipState, SlipWaits
from safeconduct.rooms.passage.watch.check_in_facts import Danger
from tests.kit.phones import phones
from tests.sim.errands import Night, nights
from tests.sim.steps import Hand
from tests.sim.test_attack_slips import CHANGES, looks
from tests.sim.test_cases import go_online
from tests.sim.watching import DURESS, RIGHT, Watchers


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    """A steward and a coordinator, both online, and a journey that is written down."""
    with nights(tmp_path, Role.COORDINATOR) as night:
        yield night


@pytest.fixture
def watched(night: Night) -> Iterator[Watchers]:
    """The same, and phones that can be called."""
    hands = tuple(Hand(desk, night.stage.courier(desk)) for desk in (night.first, night.second))
    with phones() as server:
        office = Watchers(night.stage, (hands[0], hands[1]), server)
        yield office
        for hand in hands:
            hand.desk.duty.calls.pager.close()


def test_who_comes_with_the_words_is_handed_what_was_seen_and_the_opening_is_told(
    night: Night,
) -> None:
    given = night.make()
    escort = night.told(given)
    assert night.shown(night.second).state is SlipState.WAITS
    assert escort.found() == []
    escort.say("opened")
    night.meet()
    assert night.shown(night.second).state is SlipState.CAME
    night.first.slips.look()
    night.meet()
    (slip,) = escort.found()
    for text in (given.slip.word, "Marker-mill-bench", "Marker-quay-steps", "21:40", "555 0101"):
        assert text in slip.text
    shown = night.shown(night.second)
    assert shown.state is SlipState.HANDED
    assert [one.said for one in shown.heard] == [SaidSo.OPENED]
    escort.say("opened")
    night.meet()
    night.first.slips.look()
    night.meet()
    assert len(escort.found()) == 1
    assert len(night.shown(night.first).heard) == 2, "each opening is told"
    assert all(not verify_store(desk.journal).findings for desk in (night.first, night.second))


def test_another_desk_hands_it_over_a_little_later_when_the_first_is_shut(night: Night) -> None:
    escort = night.told(night.make())
    escort.say("opened")
    night.meet()
    night.second.slips.look()
    night.meet()
    assert escort.found() == []
    night.stage.clock.time = Instant(night.stage.clock.time + OTHERS_AFTER + SECOND)
    night.second.slips.look()
    night.meet()
    assert len(escort.found()) == 1
    assert night.shown(night.first).state is SlipState.HANDED


def test_whatever_they_write_opens_it_as_a_browser_without_scripts_does(night: Night) -> None:
    escort = night.told(night.make())
    asking = escort.replies()[0]
    assert "Write to us here that you have come" in asking.text
    escort.write("I have come.")
    night.meet()
    night.first.slips.look()
    night.meet()
    assert len(escort.found()) == 1
    assert [one.said for one in night.shown(night.first).heard] == [None]


def test_a_slip_ends_by_itself(night: Night) -> None:
    escort = night.told(night.make())
    escort.say("opened")
    night.meet()
    night.first.slips.look()
    night.meet()
    night.stage.clock.time = Instant(night.stage.clock.time + 2 * DAY)
    assert escort.found() == []
    assert [one.kind for one in escort.replies()] == ["have"]
    assert night.shown(night.first).state is SlipState.OVER


def test_paper_and_voice_have_no_words_and_leave_nothing_at_the_relay(night: Night) -> None:
    for row, way in (("ride", "paper"), ("stay", "voice")):
        given = night.make(row=row, way=way)
        assert given.words == ()
        assert night.shown(night.second).state is SlipState.TOLD
        assert night.shown(night.second).made.sealed is None


def test_what_was_changed_meanwhile_is_seen_again_before_it_is_made(night: Night) -> None:
    wish = night.wish()
    seen = night.first.slips.draft(wish)
    saw = night.first.ways.network().sheet(night.ids["mill"], "point")
    assert saw is not None
    where = Typed("Marker-other-bench", frozenset(one.fact for one in saw.fields[1].standing))
    night.first.ways.write("point", night.ids["mill"], {"where": where})
    wish = wish._replace(word=seen.slip.word)
    with pytest.raises(SlipChanged):
        night.first.slips.make(wish, seen.digest)
    assert night.first.slips.every() == []
    with pytest.raises(SlipChanged):
        night.first.slips.make(wish, "")


def test_a_code_word_is_drawn_and_none_can_be_typed(night: Night) -> None:
    drawn = {night.first.slips.draft(night.wish()).slip.word for _ in range(8)}
    assert len(drawn) > 1
    with pytest.raises(WrongSlip) as refused:
        night.first.slips.draft(night.wish(word="Aru"))
    assert refused.value.names == ("word",)


def test_one_slip_for_a_row_at_a_time(night: Night) -> None:
    night.make()
    with pytest.raises(SlipWaits):
        night.second.slips.draft(night.wish(way="paper"))
    night.second.slips.freeze(night.shown(night.second).made.fact)
    night.meet()
    night.make(way="paper")
    learnt = night.second.slips.learnt_by(night.ids["driver"])
    assert [one.left for one in learnt] == [False, True]
    assert {one.party for one in learnt} == {night.ids["party"]}


@pytest.mark.parametrize(("word", "dangers"), [(RIGHT, []), (DURESS, [Danger.DURESS])])
def test_their_word_moves_the_timer_and_is_judged_at_a_desk(
    night: Night, watched: Watchers, word: str, dangers: list[Danger]
) -> None:
    check_in = watched.expect()
    watched.minutes(10, watched.first)
    escort = night.told(night.make(check_in=check_in.id))
    escort.say("opened")
    night.meet()
    night.first.slips.look()
    night.meet()
    (slip,) = escort.found()
    offered = slip.extras[SLIP]
    watched.pass_minutes(120)
    escort.say("arrived", word)
    name = watched.timer_of(check_in)
    before = watched.timers()[name][0]
    door = night.stage.store.public(night.stage.office)
    door.moved(TimerMove(offered["timer"], offered["token"]))
    assert watched.timers()[name][0] > before
    night.meet()
    night.second.slips.look()
    night.meet()
    (found,) = night.first.check_ins.every()
    assert (found.answered is not None) is (word == RIGHT)
    assert sorted(found.heard) == dangers
    night.first.slips.look()
    assert [one.said for one in night.shown(night.first).heard][-1] is SaidSo.ARRIVED


def test_the_right_word_on_the_way_is_no_arrival_and_a_wrong_one_is_an_alarm(
    night: Night, watched: Watchers
) -> None:
    check_in = watched.expect()
    escort = night.told(night.make(check_in=check_in.id))
    escort.say("underway", RIGHT)
    night.meet()
    night.first.slips.look()
    (found,) = night.first.check_ins.every()
    assert found.waits
    assert not found.heard
    escort.say("underway", "another")
    night.meet()
    night.first.slips.look()
    (found,) = night.first.check_ins.every()
    assert set(found.heard) == {Danger.WRONG}


@pytest.mark.parametrize("word", [DURESS, "another"])
def test_a_duress_or_wrong_word_after_the_check_in_ended_is_an_alarm_until_somebody_ends_it_again(
    night: Night, watched: Watchers, word: str
) -> None:
    check_in = watched.expect()
    escort = night.told(night.make(check_in=check_in.id))
    escort.say("opened")
    night.first.check_ins.end(check_in.id)
    night.meet()
    assert night.first.check_ins.wrong() == 0
    escort.say("arrived", word)
    night.meet()
    night.first.slips.look()
    night.meet()
    for desk in (night.first, night.second):
        assert desk.check_ins.wrong() == 1
    assert night.first.check_ins.calls()
    night.second.check_ins.end(check_in.id)
    night.meet()
    for desk in (night.first, night.second):
        desk.slips.look()
        assert desk.check_ins.wrong() == 0


def test_a_right_word_that_a_colleague_judged_answers_no_later_time(
    night: Night, watched: Watchers
) -> None:
    check_in = watched.expect()
    escort = night.told(night.make(check_in=check_in.id))
    escort.say("arrived", RIGHT)
    night.meet()
    night.first.slips.look()
    later = Instant(night.first.now() + 5 * 3_600_000)
    night.first.check_ins.move(check_in.id, later)
    night.meet()
    night.second.slips.look()
    night.meet()
    (found,) = night.first.check_ins.every()
    assert found.waits


def test_what_was_not_sent_yet_of_a_frozen_slip_is_not_sent_any_more(night: Night) -> None:
    slips, wish = night.first.slips, night.wish()
    seen = slips.draft(wish)
    given = slips.make(wish._replace(word=seen.slip.word), seen.digest)
    slips.freeze(night.shown(night.first).made.fact)
    night.meet()
    assert night.told(given).replies() == []
    assert night.shown(night.second).state is SlipState.FROZEN


def test_a_desk_without_the_book_of_journeys_sees_no_slip(night: Night) -> None:
    stage = night.stage
    stage.join("third", frozenset({Role.COORDINATOR}))
    go_online(stage)
    night.make()
    third = stage.desks["third"]
    assert Book.JOURNEYS not in third.ways.network().books
    assert third.slips.every() == []
    third.slips.look()


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_whatever_was_changed_since_a_slip_was_made_freezes_it(night: Night, change: str) -> None:
    escort = night.told(night.make())
    CHANGES[change](night)
    night.meet()
    escort.say("opened")
    looks(night)
    assert escort.found() == []
    shown = night.shown(night.first)
    assert (shown.state, shown.made.changed) == (SlipState.FROZEN, True)
