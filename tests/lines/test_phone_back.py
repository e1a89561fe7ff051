# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calling back who asked for it, through a real Asterisk (spec/phone.md, "Calling back")."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.lines.phone.duty import Operator
from safeconduct.edges.lines.phone.exchange import Operator as Place
from tests.lines.kit.asterisk import Asterisk, asterisk
from tests.lines.kit.calls import call, persons_telephone, speech, telephones
from tests.lines.kit.markers import control, search
from tests.lines.kit.sipp import CALLER, HangUp, Key, Keys, Say, Telephone, UntilHungUp, Wait
from tests.lines.kit.telephone import (
    Engine,
    Told,
    ari,
    calling,
    prompts_in,
    talk,
    telephone,
    until,
    watching,
)

NUMBER = CALLER.lstrip("+")
OP1 = Operator("op1", ("en",), "PJSIP/op1", on_duty=True)
AWAY = Operator("op1", ("en",), "PJSIP/op1")
ANSWERS = Telephone(answers_ms=200)
NEVER = Telephone(answers_ms=None)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Asterisk]:
    own = (Place(name="op1", way="own"),)
    with asterisk(tmp_path, own, prompts=prompts_in(tmp_path / "prompts", ("en",))) as one:
        yield one


def asked(engine: Engine, running: Asterisk, folder: Path) -> Told:
    """Let somebody speak to the box while nobody is on duty, and ask for a call in the evening."""
    words = speech(folder, "Please call me.")
    keys = Keys("#84", folder / "keys.pcap")
    engine.set_duty(AWAY)
    steps = (Wait(300), Key("1"), Wait(1_000), Say(words, 2_000), keys, UntilHungUp())
    with calling(folder, running, *steps):
        letter = engine.letter(back="evening")
    assert letter["reach"]
    engine.set_duty(OP1)
    return letter


def _read(file: Path) -> str:
    return file.read_text(errors="replace") if file.exists() else ""


def test_who_asked_is_called_once_from_no_number_and_hears_the_operator_alone(
    running: Asterisk, tmp_path: Path
) -> None:
    with telephone(tmp_path, running, AWAY) as engine, watching(running) as watcher:
        letter = asked(engine, running, tmp_path)
        with (
            telephones(tmp_path, running, ANSWERS),
            persons_telephone(tmp_path, running, ANSWERS) as (_, messages),
        ):
            engine.order(letter, "op1")
            both = talk(running)
            reached = engine.letter(back="reached")
            assert (reached["contact"], reached["reach"]) == (letter["contact"], "")
            person = next(one for one in both if one.startswith("back-"))
            told = until(lambda: _read(messages))
    invited = told[told.index("INVITE sip:") :]
    assert f"INVITE sip:{CALLER}@" in invited
    assert "From: " in invited
    assert "anonymous@anonymous.invalid" in invited
    assert "Privacy: id" in invited
    briefed = watcher.at("PlaybackFinished", "caller_back", "leg-op1")
    assert briefed < watcher.at("ChannelCreated", person)
    played = [one for one in watcher.heard if '"PlaybackStarted"' in one and person in one]
    assert not played


def test_nobody_is_rung_where_no_operator_answers_and_it_can_be_tried_again(
    running: Asterisk, tmp_path: Path
) -> None:
    with telephone(tmp_path, running, AWAY) as engine, watching(running) as watcher:
        letter = asked(engine, running, tmp_path)
        engine.set_duty(AWAY)
        busy = Telephone(busy=True)
        with telephones(tmp_path, running, busy):
            engine.order(letter, "op1")
            again = engine.hear(
                lambda one: one.get("reach") == letter["reach"] and one["left"] == "talk"
            )
        assert again["back"] == "evening"
        assert "back-" not in "".join(watcher.heard)


def test_a_telephone_that_is_not_taken_is_given_up_before_a_machine_answers(
    running: Asterisk, tmp_path: Path
) -> None:
    with telephone(tmp_path, running, AWAY) as engine:
        letter = asked(engine, running, tmp_path)
        with (
            telephones(tmp_path, running, ANSWERS),
            persons_telephone(tmp_path, running, Telephone(answers_ms=None, times=1)) as (one, _),
        ):
            engine.order(letter, "op1")
            missed = engine.letter(back="missed")
            assert missed["reach"] == ""
            one.ended()
            until(lambda: not ari(running, "GET", "/channels"))


def test_a_number_that_is_not_shown_cannot_be_called(running: Asterisk, tmp_path: Path) -> None:
    keys = Keys("81", tmp_path / "keys.pcap")
    steps = (Wait(300), Key("1"), Wait(500), keys, Wait(3_000), HangUp())
    with (
        telephone(tmp_path, running, OP1) as engine,
        watching(running) as watcher,
        telephones(tmp_path, running, NEVER),
    ):
        one = call(tmp_path, running, steps, number="anonymous")
        watcher.plays("en/back_no")
        assert engine.letter(left="hung_up")["reach"] == ""
        one.gone()


def test_the_number_stands_nowhere_but_sealed(running: Asterisk, tmp_path: Path) -> None:
    with telephone(tmp_path, running, OP1) as engine, watching(running) as watcher:
        letter = asked(engine, running, tmp_path)
        ours = [one for one in watcher.heard if '"app_name":"Stasis"' in one]
        assert ours
        assert NUMBER not in "".join(ours)
        assert NUMBER not in "".join(map(str, engine.said)) + engine.errors()
        assert NUMBER not in "".join(running.warnings())
        assert letter["reach"]
        # Positive control: Asterisk itself holds it for as long as a call stands, and says it
        # to who asks for it.
        asks = "CHANNEL(pjsip,remote_uri)"
        with calling(tmp_path, running, UntilHungUp()):
            channel = until(lambda: ari(running, "GET", "/channels"))[0]["id"]
            told = ari(running, "GET", f"/channels/{channel}/variable?variable={asks}")
            assert NUMBER in told["value"]
    line = [engine.file.parent / name for name in ("engine.json", "engine.err", "duty.json")]
    assert not search([*(one for one in line if one.exists()), running.folder], number=NUMBER)
    control(tmp_path, number=NUMBER)
