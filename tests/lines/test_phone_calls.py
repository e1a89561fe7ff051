# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls through a real Asterisk: the first words, keys, and who answers (spec/phone.md 2 and 4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from safeconduct.edges.lines.phone.duty import Operator
from safeconduct.edges.lines.phone.exchange import Operator as Place
from safeconduct.edges.lines.phone.exchange import configuration
from tests.lines.kit.asterisk import Asterisk, Slot, asterisk, exchange_in
from tests.lines.kit.calls import speech, telephones
from tests.lines.kit.sipp import CALLER, HangUp, Key, Keys, Say, Telephone, UntilHungUp, Wait
from tests.lines.kit.telephone import (
    Engine,
    Watcher,
    ari,
    calling,
    prompts_in,
    talk,
    telephone,
    until,
    watching,
)

LANGUAGES = ("en", "fr")
OP1 = Operator("op1", ("en",), "PJSIP/op1", on_duty=True)
OP2 = Operator("op2", ("en",), "PJSIP/op2", on_duty=True)
OWN = tuple(Place(name=name, way="own") for name in ("op1", "op2"))
ANSWERS = Telephone(answers_ms=200)
NEVER = Telephone(answers_ms=None)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Asterisk]:
    prompts = prompts_in(tmp_path / "prompts", LANGUAGES)
    with asterisk(tmp_path, OWN, languages=LANGUAGES, prompts=prompts) as one:
        yield one


def test_the_call_is_taken_within_two_seconds_and_its_first_words_are_the_warning(
    running: Asterisk, tmp_path: Path
) -> None:
    with (
        telephone(tmp_path, running, OP1, languages=LANGUAGES),
        watching(running) as watcher,
        calling(tmp_path, running, UntilHungUp()),
    ):
        came = watcher.at("ChannelCreated", "PJSIP/trunk")
        taken = watcher.at("ChannelStateChange", '"state":"Up"', "PJSIP/trunk")
        assert (taken - came).total_seconds() < 2
        watcher.plays("fr/n2")
        first = ["en/greeting", "en/languages", "en/n1"]
        assert watcher.played() == [*first, "fr/languages", "fr/n2"]


def test_a_key_chooses_the_language(running: Asterisk, tmp_path: Path) -> None:
    french = Operator("op2", ("fr",), "PJSIP/op2", on_duty=True)
    with (
        telephone(tmp_path, running, OP1, french, languages=LANGUAGES),
        watching(running) as watcher,
        telephones(tmp_path, running, NEVER, Telephone(answers_ms=2_000)),
        calling(tmp_path, running, Wait(300), Key("2"), UntilHungUp()),
    ):
        watcher.plays("fr/greeting")
        assert any("op2" in leg for leg in talk(running))
        # Who speaks another language was not even rung.
        assert not [one for one in watcher.heard if "leg-op1" in one]


@pytest.mark.parametrize("keys", ["9", "55"])
def test_who_cannot_speak_is_told_so_to_desks_and_to_who_answers(
    running: Asterisk, tmp_path: Path, keys: str
) -> None:
    pressed = Keys(keys, tmp_path / "keys.pcap")
    with (
        telephone(tmp_path, running, OP1, languages=LANGUAGES) as engine,
        watching(running) as watcher,
        telephones(tmp_path, running, ANSWERS),
        calling(tmp_path, running, Wait(300), pressed, UntilHungUp()),
    ):
        letter = engine.letter(silent=True)
        assert (letter["duress"], letter["left"], letter["language"]) == (False, "talk", "en")
        talk(running)
        watcher.until("PlaybackFinished", "caller_silent", "leg-op1")


@contextmanager
def pressed_in_a_talk(
    running: Asterisk, folder: Path, key: str
) -> Iterator[tuple[Engine, Watcher, list[str]]]:
    """Let a caller press a key in the talk; given with who sees it are the two who talk."""
    steps = (Wait(300), Key("1"), Wait(8_000), Key(key), UntilHungUp())
    with (
        telephone(folder, running, OP1, languages=LANGUAGES) as engine,
        watching(running) as watcher,
        telephones(folder, running, ANSWERS),
        calling(folder, running, *steps),
    ):
        yield engine, watcher, talk(running)


def test_a_star_in_a_talk_is_duress_and_nothing_is_played(
    running: Asterisk, tmp_path: Path
) -> None:
    with pressed_in_a_talk(running, tmp_path, "*") as (engine, watcher, talking):
        before = watcher.played()
        assert engine.letter(duress=True)["left"] == "talk"
        assert talk(running) == talking
        assert watcher.played() == before


def test_who_cannot_speak_any_more_in_a_talk_is_silent_and_the_operator_alone_is_told(
    running: Asterisk, tmp_path: Path
) -> None:
    with pressed_in_a_talk(running, tmp_path, "9") as (engine, watcher, talking):
        before = watcher.played()
        letter = engine.letter(silent=True)
        assert letter["left"] == "talk"
        watcher.until("PlaybackFinished", "caller_silent", "leg-op1")
        assert watcher.played() == [*before, "en/caller_silent"]
        assert talk(running) == talking
        caller = next(one for one in talking if not one.startswith("leg-"))
        kept = f"/channels/{caller}/variable?variable=HOTLINE_CALL"
        assert " en 10 " in ari(running, "GET", kept)["value"]


def test_the_first_answer_wins_and_the_other_telephone_stops(
    running: Asterisk, tmp_path: Path
) -> None:
    never = Telephone(answers_ms=None, times=1)
    with (
        telephone(tmp_path, running, OP1, OP2, languages=LANGUAGES),
        telephones(tmp_path, running, never, Telephone(answers_ms=1_500)) as rung,
        calling(tmp_path, running, Wait(300), Key("1"), UntilHungUp()),
    ):
        assert any("op2" in leg for leg in talk(running))
        # Its scenario is over once it got a CANCEL.
        rung[0].ended()


@pytest.mark.parametrize("who", ["operator", "caller"])
def test_a_talk_ends_for_both_when_one_hangs_up_and_leaves_nothing(
    running: Asterisk, tmp_path: Path, who: str
) -> None:
    talks_ms = 2_000 if who == "operator" else None
    end = (UntilHungUp(),) if who == "operator" else (Wait(5_000), HangUp())
    with (
        telephone(tmp_path, running, OP1, languages=LANGUAGES) as engine,
        telephones(tmp_path, running, Telephone(answers_ms=200, talks_ms=talks_ms, times=1)) as op,
        calling(tmp_path, running, Wait(300), Key("1"), *end) as caller,
    ):
        talk(running)
        caller.ended()
        op[0].ended()
        until(lambda: not ari(running, "GET", "/bridges"))
        # A talk that nobody marked leaves no letter: there is no record of calls.
        assert engine.letters() == []


def test_a_message_where_nobody_is_on_duty_and_nobody_is_rung(
    running: Asterisk, tmp_path: Path
) -> None:
    away = Operator("op1", ("en",), "PJSIP/op1")
    words = speech(tmp_path, "We are at the mill, all four of us.")
    steps = (Wait(300), Key("1"), Wait(1_000), Say(words, 4_000), Key("#"), UntilHungUp())
    with (
        telephone(tmp_path, running, away, languages=LANGUAGES) as engine,
        watching(running) as watcher,
        calling(tmp_path, running, *steps) as caller,
    ):
        assert engine.letter(left="talk")["waits"]
        letter = engine.letter(left="message", cut=False)
        assert letter["seconds"] >= 2
        engine.hear(lambda one: one["what"] == "piece")
        watcher.plays("en/goodbye")
        caller.ended()
        assert "leg-" not in "".join(watcher.heard)


def test_no_number_and_no_name_of_who_calls_reaches_any_program(
    tmp_path: Path,
) -> None:
    """With a module loaded that reads numbers, which the shipped settings leave out besides."""
    number = CALLER.lstrip("+")
    shipped = configuration(exchange_in(Slot(0), (), ("en",)))["modules.conf"]
    read = {"modules.conf": f"{shipped}load=res_pjsip_caller_id.so\n"}
    with (
        asterisk(
            tmp_path, OWN, own_conf=read, prompts=prompts_in(tmp_path / "p", ("en",))
        ) as running,
        telephone(tmp_path, running, OP1) as engine,
        watching(running) as watcher,
        telephones(tmp_path, running, Telephone(answers_ms=2_000)),
        calling(tmp_path, running, Wait(300), Key("9"), Wait(3_000), HangUp()),
    ):
        engine.letter(silent=True)
        watcher.until("ChannelDestroyed", "PJSIP/trunk-")
        ours = [one for one in watcher.heard if '"app_name":"Stasis"' in one]
        assert [one for one in ours if "PJSIP/trunk-" in one]
        assert number not in "".join(ours)
        # Positive control: before the dialplan has wiped it, a listener to everything would see it.
        assert number in "".join(watcher.heard)
        assert number not in "".join(map(str, engine.said)) + engine.errors()
        assert number not in "".join(running.warnings())
