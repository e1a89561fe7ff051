# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens to calls when the engine or Asterisk dies, in a real Asterisk (spec/phone.md 7)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.lines.phone.duty import Operator
from safeconduct.edges.lines.phone.exchange import Operator as Place
from tests.lines.kit.asterisk import Asterisk, again, asterisk
from tests.lines.kit.calls import speech, telephones
from tests.lines.kit.sipp import HangUp, Key, Say, Telephone, UntilHungUp, Wait
from tests.lines.kit.telephone import (
    Engine,
    ari,
    bridges,
    calling,
    prompts_in,
    sound_flows,
    takes_calls,
    talk,
    telephone,
    until,
    watching,
)

OP1 = Operator("op1", ("en",), "PJSIP/op1", on_duty=True)
AWAY = Operator("op1", ("en",), "PJSIP/op1")
ANSWERS = Telephone(answers_ms=200)
NEVER = Telephone(answers_ms=None)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Asterisk]:
    own = (Place(name="op1", way="own"),)
    with asterisk(tmp_path, own, prompts=prompts_in(tmp_path / "prompts", ("en",))) as one:
        yield one


def _restart(engine: Engine, running: Asterisk) -> None:
    engine.start()
    takes_calls(running)


def test_a_talk_goes_on_when_the_engine_is_killed_and_is_followed_again(
    running: Asterisk, tmp_path: Path
) -> None:
    words = speech(tmp_path, "Are you still there? I can hear you.")
    steps = (Wait(300), Key("1"), Say(words, 25_000), Key("*"), UntilHungUp())
    with (
        telephone(tmp_path, running, OP1) as engine,
        telephones(tmp_path, running, ANSWERS),
        calling(tmp_path, running, *steps),
    ):
        talking = talk(running)
        engine.kill()
        assert sound_flows(running, talking)
        _restart(engine, running)
        # The key is pressed after the new start: it hears it, and knows the caller again.
        letter = engine.letter(duress=True)
        assert letter["left"] == "talk"
        assert talk(running) == talking


def test_the_operator_of_a_found_talk_is_free_once_it_ends(
    running: Asterisk, tmp_path: Path
) -> None:
    words = speech(tmp_path, "Hello?")
    with (
        telephone(tmp_path, running, OP1) as engine,
        watching(running) as watcher,
        telephones(tmp_path, running, ANSWERS),
    ):
        with calling(tmp_path, running, Wait(300), Key("1"), Say(words, 9_000), HangUp()) as first:
            talk(running)
            engine.kill()
            _restart(engine, running)
            first.ended()
        until(lambda: not bridges(running))
        watcher.until("ChannelDestroyed", "leg-op1")
        with calling(tmp_path, running, Wait(300), Key("1"), UntilHungUp()):
            talk(running)


def test_who_waits_while_the_engine_dies_waits_on_with_the_same_marks(
    running: Asterisk, tmp_path: Path
) -> None:
    with (
        telephone(tmp_path, running, OP1) as engine,
        watching(running) as watcher,
        telephones(tmp_path, running, NEVER),
        calling(tmp_path, running, Wait(300), Key("9"), Wait(25_000), HangUp()),
    ):
        before = engine.letter(silent=True)
        watcher.until("ChannelCreated", "leg-op1")
        watcher.plays("en/silent_yes_no")
        engine.kill()
        _restart(engine, running)
        # The telephone that rang for nobody any more is stopped, and rung anew.
        ended = watcher.at("ChannelDestroyed", "leg-op1")
        watcher.at("ChannelCreated", "leg-op1", after=ended)
        left = engine.letter(left="hung_up")
        assert (left["contact"], left["silent"]) == (before["contact"], True)


def test_what_belongs_to_nobody_is_ended_by_a_new_start(running: Asterisk, tmp_path: Path) -> None:
    with telephone(tmp_path, running, OP1) as engine:
        engine.kill()
        ari(running, "POST", "/bridges/talk-nobody?type=mixing")
        ari(running, "POST", "/bridges/another-program?type=mixing")
        _restart(engine, running)
        names = until(lambda: _only_theirs(running))
        assert names == ["another-program"]


def _only_theirs(running: Asterisk) -> list[str]:
    names = [one["id"] for one in ari(running, "GET", "/bridges")]
    return [] if "talk-nobody" in names else names


def test_a_message_is_sealed_and_marked_cut_when_asterisk_is_killed(
    running: Asterisk, tmp_path: Path
) -> None:
    words = speech(tmp_path, "We are at the mill, all four of us.")
    steps = (Wait(300), Key("1"), Wait(1_000), Say(words, 60_000), HangUp())
    with (
        telephone(tmp_path, running, AWAY) as engine,
        watching(running) as watcher,
        calling(tmp_path, running, *steps),
    ):
        engine.letter(left="message", files=18)
        begun = watcher.at("ChannelEnteredBridge", "box-")
        watcher.later(begun, 4.0)
        running.kill()
        letter = engine.letter(left="message", files=0)
        assert letter["cut"]
        assert letter["seconds"] >= 2
        engine.hear(lambda one: one["what"] == "piece")
        engine.hear(lambda one: one["what"] == "unreachable")
        anew = again(running)
        running.process = anew.process
        takes_calls(running)


def test_callers_in_line_leave_letters_when_asterisk_is_killed(
    running: Asterisk, tmp_path: Path
) -> None:
    with (
        telephone(tmp_path, running, OP1) as engine,
        watching(running) as watcher,
        telephones(tmp_path, running, NEVER),
        calling(tmp_path, running, Wait(300), Key("1"), UntilHungUp()),
    ):
        watcher.until("ChannelCreated", "leg-op1")
        running.kill()
        assert engine.letter(left="hung_up")["cut"] is False


def test_operators_are_rung_by_asterisk_while_the_engine_is_dead(
    running: Asterisk, tmp_path: Path
) -> None:
    with telephone(tmp_path, running, OP1) as engine:
        engine.kill()
        with (
            watching(running) as watcher,
            telephones(tmp_path, running, ANSWERS),
            calling(tmp_path, running, UntilHungUp()),
        ):
            watcher.until('"state":"Up"', "PJSIP/op1")
            _restart(engine, running)
            # A call that Asterisk connected by itself is none of ours, and stays.
            engine.kill()
            assert any(one["state"] == "Up" for one in ari(running, "GET", "/channels"))
