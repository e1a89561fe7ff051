# SPDX-License-Identifier: AGPL-3.0-or-later
"""A call from its first word to its end (spec/phone.md 2, 3 and 5)."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from safeconduct.edges.lines.phone.acts import (
    Act,
    Finish,
    HangUp,
    Hold,
    Hush,
    Join,
    Leave,
    Meet,
    Quieten,
    Record,
    Say,
    Tell,
)
from safeconduct.edges.lines.phone.flow import Flow
from safeconduct.edges.lines.phone.stages import Around
from safeconduct.edges.lines.phone.times import DOUBLE_WITHIN, MENU_WAITS, OFFER_AFTER, TALK_MOST

CODE = "40718293"
OWN_CODE = tuple(f"en/n{digit}" for digit in CODE)


@dataclass
class Rest:
    """What a call sees of the others."""

    anybody: bool = True
    place: int = 1
    languages: tuple[str, ...] = ("en", "fr")
    flow: Flow = field(init=False)

    def __post_init__(self) -> None:
        self.flow = Flow(Around(self.languages, lambda: self.anybody, lambda: self.place, CODE))
        self.flow.start(0.0)

    def in_line(self, *, now: float = 0.0, key: str = "1") -> Flow:
        self.flow.key(key, now)
        self.flow.spoken(now)
        assert self.flow.stage == "line"
        return self.flow


def said_in(acts: list[Act]) -> list[str]:
    return [prompt for act in acts if isinstance(act, Say) for prompt in act.prompts]


def _pass(flow: Flow, until: float) -> dict[float, list[Act]]:
    """Let time go by from tick to tick, all being spoken at once; return what was done when."""
    done: dict[float, list[Act]] = {}
    for _ in range(100):
        due = flow.due()
        if due is None or due > until:
            break
        acts = flow.tick(due)
        done.setdefault(due, []).extend(acts)
        if said_in(acts):
            flow.spoken(due)
    return done


def test_the_first_words_are_that_the_call_shows_on_list_and_bill() -> None:
    first = said_in(Flow(Around(("fr", "en"), lambda: True, lambda: 1, CODE)).start(0.0))
    assert first[0] == "fr/greeting"
    assert first[1:] == ["fr/languages", "fr/n1", "en/languages", "en/n2"]


def test_where_there_is_one_language_none_is_asked_and_telephones_ring_at_once() -> None:
    flow = Flow(Around(("en",), lambda: True, lambda: 1, CODE))
    acts = flow.start(2.0)
    assert acts[0] == Join()
    assert said_in(acts) == ["en/greeting", "en/menu", "en/not_recorded"]
    assert (flow.stage, flow.since) == ("line", 2.0)
    assert said_in(flow.key("9", 3.0)) == ["en/silent_yes_no"]


def test_where_there_is_one_language_and_nobody_on_duty_the_warning_is_first() -> None:
    acts = Flow(Around(("en",), lambda: False, lambda: 1, CODE)).start(0.0)
    assert Join() not in acts
    assert said_in(acts) == ["en/greeting", "en/nobody", "en/message", "en/tone"]


def test_a_key_chooses_the_language_and_the_line_is_joined_at_once() -> None:
    rest = Rest()
    acts = rest.flow.key("2", 3.0)
    assert acts[0] == Join()
    assert said_in(acts) == ["fr/greeting", "fr/menu", "fr/not_recorded"]
    assert (rest.flow.language, rest.flow.since, rest.flow.stage) == ("fr", 3.0, "line")


def test_who_presses_nothing_is_in_line_in_the_first_language() -> None:
    rest = Rest()
    assert rest.flow.key("3", 1.0) == []
    rest.flow.spoken(9.0)
    assert rest.flow.due() == 9.0 + MENU_WAITS
    acts = rest.flow.tick(9.0 + MENU_WAITS)
    assert acts[0] == Join()
    assert said_in(acts) == ["en/menu", "en/not_recorded"]
    assert rest.flow.language == "en"


@pytest.mark.parametrize("keys", ["9", "55"])
@pytest.mark.parametrize("in_line", [False, True])
def test_nine_or_two_fives_mean_that_somebody_cannot_speak(keys: str, *, in_line: bool) -> None:
    rest = Rest()
    flow = rest.in_line() if in_line else rest.flow
    acts = [act for key in keys for act in flow.key(key, 1.0)]
    assert flow.silent
    assert acts[:3] == [Hush(), Quieten(low=True), Tell("talk")]
    assert Join() in acts
    assert said_in(acts) == ["en/silent_yes_no"]
    assert flow.since == (0.0 if in_line else 1.0)


def test_who_cannot_speak_hears_the_operator_at_full_loudness_again() -> None:
    rest = Rest()
    rest.flow.key("9", 1.0)
    assert rest.flow.taken() == [Hush(), Quieten(low=False), Meet(), Tell("talk")]
    assert not rest.flow.waits


@pytest.mark.parametrize("in_line", [False, True])
def test_one_five_leads_to_the_message_box_at_any_time(*, in_line: bool) -> None:
    rest = Rest()
    flow = rest.in_line() if in_line else rest.flow
    assert flow.key("5", 2.0) == []
    assert flow.due() == 2.0 + DOUBLE_WITHIN
    acts = flow.tick(2.0 + DOUBLE_WITHIN)
    assert (Leave() in acts) is in_line
    assert said_in(acts) == ["en/message", "en/tone"]
    assert flow.spoken(9.0) == [Record()]
    assert flow.due() == 9.0 + TALK_MOST


def test_a_five_that_another_key_follows_leads_to_the_box_too() -> None:
    flow = Rest().in_line()
    flow.key("5", 2.0)
    assert said_in(flow.key("1", 2.1)) == ["en/message", "en/tone"]


@pytest.mark.parametrize("end", ["#", "time"])
def test_a_message_ends_with_a_return_code_that_is_said_twice(end: str) -> None:
    flow = Rest(anybody=False).flow
    flow.key("1", 0.0)
    flow.spoken(5.0)
    acts = flow.key("#", 9.0) if end == "#" else flow.tick(5.0 + TALK_MOST)
    assert acts[0] == Finish()
    words = said_in(acts)
    assert words == ["en/code", *OWN_CODE, "en/code_digits", *OWN_CODE, "en/back", "en/goodbye"]
    assert flow.spoken(20.0) == [HangUp()]


def test_who_hangs_up_in_a_message_leaves_it() -> None:
    flow = Rest(anybody=False).flow
    flow.key("1", 0.0)
    flow.spoken(5.0)
    assert flow.hung_up() == [Finish()]
    assert flow.hung_up() == []


def test_nobody_on_duty_leads_to_the_box_within_one_prompt_and_rings_nobody() -> None:
    flow = Rest(anybody=False).flow
    acts = flow.key("1", 0.0)
    assert Join() not in acts
    assert said_in(acts) == ["en/nobody", "en/message", "en/tone"]
    silent = Rest(anybody=False).flow
    acts = silent.key("9", 0.0)
    assert Join() not in acts
    assert said_in(acts) == ["en/nobody", "en/message", "en/tone"]
    french = Rest(anybody=False).flow
    assert said_in(french.key("2", 0.0))[:2] == ["fr/greeting", "fr/nobody"]


def test_the_line_ends_in_the_box_once_nobody_is_on_duty_any_more() -> None:
    rest = Rest()
    flow = rest.in_line()
    rest.anybody = False
    done = _pass(flow, 30.0)
    assert Leave() in done[20.0]
    assert flow.stage == "box"


def test_the_place_is_said_every_twenty_seconds_and_after_sixty_a_message_and_a_code() -> None:
    rest = Rest(place=4)
    done = _pass(rest.in_line(), 100.0)
    said = {at: said_in(acts) for at, acts in done.items() if said_in(acts)}
    assert said[20.0] == said[40.0] == said[80.0] == said[100.0] == ["en/place", "en/n4"]
    code = ["en/code", *OWN_CODE, "en/code_digits", *OWN_CODE]
    assert said[OFFER_AFTER] == ["en/offer", "en/back", *code]
    assert set(said) == {20.0, 40.0, 60.0, 80.0, 100.0}


def test_a_place_beyond_what_can_be_said_is_many() -> None:
    done = _pass(Rest(place=30).in_line(), 20.0)
    assert said_in(done[20.0]) == ["en/place", "en/many"]


def test_the_place_waits_for_what_is_beingsaid_in() -> None:
    flow = Rest().flow
    flow.key("1", 0.0)
    assert said_in(flow.tick(20.0)) == []
    flow.spoken(20.5)
    assert said_in(flow.tick(21.0)) == ["en/place", "en/n1"]


def test_desks_are_woken_after_twenty_seconds_and_once() -> None:
    done = _pass(Rest().in_line(), 100.0)
    assert [at for at, acts in done.items() if Tell("talk") in acts] == [20.0]


def _waits(flow: Flow) -> bool:
    return flow.waits


def test_a_letter_says_that_somebody_waits_until_the_call_was_taken() -> None:
    flow = Rest().in_line()
    assert not _waits(flow)
    _pass(flow, 20.0)
    assert _waits(flow)
    assert flow.taken()[-1] == Tell("talk")
    assert not _waits(flow)
    flow.cut(50.0)
    assert Tell("talk") in _pass(flow, 60.0)[50.0]
    assert _waits(flow)
    flow.hung_up()
    assert not _waits(flow)


def test_a_call_that_was_taken_at_once_leaves_no_letter() -> None:
    assert Rest().in_line().taken() == [Hush(), Meet()]


def test_nobody_on_duty_wakes_the_desks_at_once_and_once() -> None:
    flow = Rest(anybody=False).flow
    assert flow.key("1", 0.0)[0] == Tell("talk")
    assert flow.waits
    silent = Rest(anybody=False).flow
    told = [act for act in silent.key("9", 0.0) if isinstance(act, Tell)]
    assert set(told) == {Tell("talk")}
    assert silent.waits
    silent.hung_up()
    assert silent.waits


@pytest.mark.parametrize("stage", ["greeting", "line", "code", "box", "talk"])
def test_a_star_is_duress_at_any_time_and_nothing_is_heard(stage: str) -> None:
    rest = Rest()
    flow = rest.flow if stage == "greeting" else rest.in_line()
    if stage == "code":
        flow.key("7", 1.0)
    elif stage == "box":
        flow.key("5", 1.0)
        flow.tick(4.0)
        flow.spoken(5.0)
    elif stage == "talk":
        flow.taken()
    assert flow.stage == stage
    acts = flow.key("*", 6.0)
    assert flow.duress
    assert acts[-1] == Tell("talk")
    assert set(acts) <= {Join(), Tell("talk")}
    assert (Join() in acts) is (stage in {"line", "code"})
    assert flow.stage == stage
    assert flow.key("*", 7.0) == []


def test_no_other_key_is_heard_in_a_talk() -> None:
    flow = Rest().in_line()
    flow.taken()
    assert [act for key in "012345678#" for act in flow.key(key, 1.0)] == []
    assert flow.tick(1000.0) == []


def test_a_typed_return_code_joins_and_keeps_the_place() -> None:
    flow = Rest().in_line(now=1.0)
    assert said_in(flow.key("7", 5.0)) == ["en/ask_code"]
    acts = [act for digit in "59955571" for act in flow.key(digit, 6.0)]
    assert acts[:2] == [Join(), Tell("talk")]
    assert (flow.said, flow.since, flow.stage) == ("59955571", 1.0, "line")
    assert not flow.silent


def test_a_code_before_the_language_joins_the_line_first() -> None:
    flow = Rest().flow
    acts = flow.key("7", 5.0)
    assert acts[0] == Join()
    assert flow.stage == "code"


@pytest.mark.parametrize("how", ["#", "time"])
def test_half_a_code_is_none_and_the_place_is_kept(how: str) -> None:
    flow = Rest().in_line()
    flow.key("7", 5.0)
    flow.key("1", 5.0)
    acts = flow.key("#", 6.0) if how == "#" else flow.tick(15.0)
    assert (flow.said, flow.stage) == ("", "line")
    assert said_in(acts) == ["en/place", "en/n1"]


@pytest.mark.parametrize("keys", ["", "7", "71"])
def test_hanging_up_in_line_leaves_a_letter(keys: str) -> None:
    flow = Rest().in_line()
    for key in keys:
        flow.key(key, 1.0)
    assert flow.hung_up() == [Leave(), Tell("hung_up")]


def test_hanging_up_before_the_line_leaves_none() -> None:
    assert Rest().flow.hung_up() == []


def test_hanging_up_before_a_word_of_a_message_leaves_a_letter() -> None:
    flow = Rest(anybody=False).flow
    flow.key("1", 0.0)
    assert flow.hung_up() == [Tell("hung_up")]


def test_a_talk_ends_for_both_and_one_that_broke_has_its_place_again() -> None:
    flow = Rest().in_line(now=1.0)
    flow.taken()
    assert flow.cut(50.0) == [Join(), Hold()]
    assert (flow.stage, flow.since) == ("line", 1.0)
    flow.taken()
    assert flow.parted() == [HangUp()]
    assert flow.hung_up() == []


def test_a_call_that_was_found_waits_on_from_where_it_stood() -> None:
    flow = Rest().flow
    assert flow.again(100.0, 70.0) == [Join(), Hold()]
    assert flow.since == 70.0


def test_where_no_message_can_be_taken_that_issaid_in() -> None:
    flow = Rest(anybody=False).flow
    flow.key("1", 0.0)
    flow.spoken(1.0)
    assert said_in(flow.no_box()) == ["en/later"]
    assert flow.spoken(3.0) == [HangUp()]
