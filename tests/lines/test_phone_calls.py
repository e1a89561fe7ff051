# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls through a real Asterisk: the first words, keys, and who answers (spec/phone.md 2 and 4)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.lines.phone.duty import Operator
from safeconduct.edges.lines.phone.exchange import Operator as Place
from tests.lines.kit.asterisk import Asterisk, asterisk
from tests.lines.kit.calls import call, telephones
from tests.lines.kit.sipp import CALLER, HangUp, Key, Telephone, UntilHungUp, Wait
from tests.lines.kit.telephone import prompts_in, talk, telephone, until, watching

LANGUAGES = ("en", "fr")
OP1 = Operator("op1", ("en",), "PJSIP/op1", on_duty=True)
OP2 = Operator("op2", ("en",), "PJSIP/op2", on_duty=True)
ANSWERS = Telephone(answers_ms=200)
NEVER = Telephone(answers_ms=None)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Asterisk]:
    own = tuple(Place(name=name, way="own") for name in ("op1", "op2"))
    prompts = prompts_in(tmp_path / "prompts", LANGUAGES)
    with asterisk(tmp_path, own, languages=LANGUAGES, prompts=prompts) as one:
        yield one


def test_the_call_is_taken_within_two_seconds_and_its_first_words_are_the_warning(
    running: Asterisk, tmp_path: Path
) -> None:
    with telephone(tmp_path, running, OP1, languages=LANGUAGES), watching(running) as watcher:
        begun = time.monotonic()
        calling = call(tmp_path, running, (Wait(30_000), HangUp()))
        watcher.until("ChannelStateChange", '"state":"Up"', "PJSIP/trunk")
        # SIPp's own start is in it too.
        assert time.monotonic() - begun < 2
        watcher.until("Playback", "fr/menu")
        assert watcher.played()[:3] == ["en/greeting", "en/languages", "en/n1"]
        assert watcher.played()[3:7] == ["en/menu", "fr/languages", "fr/n2", "fr/menu"]
        calling.gone()


def test_a_key_chooses_the_language(running: Asterisk, tmp_path: Path) -> None:
    french = Operator("op2", ("fr",), "PJSIP/op2", on_duty=True)
    with (
        telephone(tmp_path, running, OP1, french, languages=LANGUAGES),
        watching(running) as watcher,
        telephones(tmp_path, running, NEVER, ANSWERS),
    ):
        calling = call(tmp_path, running, (Wait(300), Key("2"), UntilHungUp()))
        legs = talk(running)
        assert any("op2" in leg for leg in legs)
        assert "fr/not_recorded" in watcher.played()
        # Who speaks another language was not even rung.
        assert not [one for one in watcher.heard if "leg-op1" in one]
        calling.gone()


@pytest.mark.parametrize("keys", [(Key("9"),), (Key("5"), Key("5"))])
def test_who_cannot_speak_is_told_so_to_desks_and_to_who_answers(
    running: Asterisk, tmp_path: Path, keys: tuple[Key, ...]
) -> None:
    with (
        telephone(tmp_path, running, OP1, languages=LANGUAGES) as engine,
        watching(running) as watcher,
        telephones(tmp_path, running, ANSWERS),
    ):
        calling = call(tmp_path, running, (Wait(300), *keys, UntilHungUp()))
        letter = engine.letter(silent=True)
        assert (letter["duress"], letter["left"], letter["language"]) == (False, "talk", "en")
        talk(running)
        watcher.until("PlaybackFinished", "caller_silent", "leg-op1")
        calling.gone()


def test_a_star_in_a_talk_is_duress_and_nothing_is_played(
    running: Asterisk, tmp_path: Path
) -> None:
    with (
        telephone(tmp_path, running, OP1, languages=LANGUAGES) as engine,
        watching(running) as watcher,
        telephones(tmp_path, running, ANSWERS),
    ):
        steps = (Wait(300), Key("1"), Wait(8_000), Key("*"), UntilHungUp())
        calling = call(tmp_path, running, steps)
        talk(running)
        before = watcher.played()
        letter = engine.letter(duress=True)
        assert letter["left"] == "talk"
        assert len(talk(running)) == 2
        assert watcher.played() == before
        calling.gone()


def test_the_first_answer_wins_and_the_other_telephone_stops(
    running: Asterisk, tmp_path: Path
) -> None:
    never = Telephone(answers_ms=None, times=1)
    with (
        telephone(tmp_path, running, OP1, OP2, languages=LANGUAGES),
        telephones(tmp_path, running, never, Telephone(answers_ms=1_500)) as rung,
    ):
        calling = call(tmp_path, running, (Wait(300), Key("1"), UntilHungUp()))
        assert any("op2" in leg for leg in talk(running))
        # Its scenario is over once it got a CANCEL.
        rung[0].ended()
        calling.gone()


def test_a_talk_ends_for_both_when_one_hangs_up(running: Asterisk, tmp_path: Path) -> None:
    once = Telephone(answers_ms=200, times=1)
    with (
        telephone(tmp_path, running, OP1, languages=LANGUAGES) as engine,
        telephones(tmp_path, running, Telephone(answers_ms=200, talks_ms=2_000, times=1)) as rung,
    ):
        call(tmp_path, running, (Wait(300), Key("1"), UntilHungUp())).ended()
        rung[0].ended()
        with telephones(tmp_path, running, once) as again:
            call(tmp_path, running, (Wait(300), Key("1"), Wait(4_000), HangUp())).ended()
            again[0].ended()
        # A talk that nobody marked leaves no letter: there is no record of calls.
        assert engine.letters() == []


def test_a_message_where_nobody_is_on_duty_and_nobody_is_rung(
    running: Asterisk, tmp_path: Path
) -> None:
    away = Operator("op1", ("en",), "PJSIP/op1")
    with (
        telephone(tmp_path, running, away, languages=LANGUAGES) as engine,
        watching(running) as watcher,
    ):
        call(tmp_path, running, (Wait(300), Key("1"), Wait(5_000), Key("#"), UntilHungUp())).ended()
        letter = engine.letter(left="message", cut=False)
        assert letter["seconds"] >= 1
        engine.hear(lambda one: one["what"] == "piece")
        assert "en/goodbye" in watcher.played()
        assert "leg-" not in "".join(watcher.heard)


def test_no_number_and_no_name_of_who_calls_reaches_any_program(
    running: Asterisk, tmp_path: Path
) -> None:
    with (
        telephone(tmp_path, running, OP1, languages=LANGUAGES) as engine,
        watching(running) as watcher,
        telephones(tmp_path, running, ANSWERS),
    ):
        calling = call(tmp_path, running, (Wait(300), Key("9"), UntilHungUp()))
        talk(running)
        engine.letter(silent=True)
        calling.gone()
        until(lambda: "ChannelDestroyed" in watcher.types())
        heard = "".join(watcher.heard)
        # Positive control: what a caller's telephone said of itself would be seen here.
        assert "PJSIP/trunk-" in heard
        assert '"caller":{"name":"","number":""' in heard
        assert CALLER.lstrip("+") not in heard
        assert CALLER.lstrip("+") not in "".join(map(str, engine.said)) + engine.errors()
        assert CALLER.lstrip("+") not in "".join(running.warnings())
