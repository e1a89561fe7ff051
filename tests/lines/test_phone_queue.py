# SPDX-License-Identifier: AGPL-3.0-or-later
"""Those who wait, in a real Asterisk: order, places, codes, who hangs up (spec/phone.md 3)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.lines.phone.duty import Operator
from safeconduct.edges.lines.phone.exchange import Operator as Place
from tests.lines.kit.asterisk import Asterisk, asterisk
from tests.lines.kit.calls import speech, telephones
from tests.lines.kit.phone_process import CODE
from tests.lines.kit.sipp import HangUp, Key, Keys, Say, Telephone, UntilHungUp, Wait
from tests.lines.kit.telephone import calling, prompts_in, talk, telephone, watching

OP1 = Operator("op1", ("en",), "PJSIP/op1", on_duty=True)
OP2 = Operator("op2", ("en",), "PJSIP/op2", on_duty=True)
NEVER = Telephone(answers_ms=None)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Asterisk]:
    own = tuple(Place(name=name, way="own") for name in ("op1", "op2", "op3"))
    with asterisk(tmp_path, own, prompts=prompts_in(tmp_path / "prompts", ("en",))) as one:
        yield one


def test_who_hangs_up_in_line_leaves_a_letter_and_the_telephones_stop(
    running: Asterisk, tmp_path: Path
) -> None:
    never = Telephone(answers_ms=None, times=1)
    with (
        telephone(tmp_path, running, OP1) as engine,
        telephones(tmp_path, running, never) as rung,
        calling(tmp_path, running, Wait(300), Key("1"), Wait(2_000), HangUp()),
    ):
        letter = engine.letter(left="hung_up")
        assert (letter["silent"], letter["duress"], letter["said"]) == (False, False, "")
        rung[0].ended()


def test_whoever_becomes_free_is_rung_at_once_for_the_first_in_line(
    running: Asterisk, tmp_path: Path
) -> None:
    """Three call one after the other; the last is under force, and is answered second."""
    first = (Wait(300), Key("1"), UntilHungUp())
    with (
        telephone(tmp_path, running, OP1) as engine,
        watching(running) as watcher,
        telephones(tmp_path, running, Telephone(answers_ms=200, talks_ms=10_000)),
        calling(tmp_path, running, *first),
    ):
        _, leg = sorted(talk(running), key=lambda channel: channel.startswith("leg-"))
        answered = watcher.at("ChannelCreated", "leg-op1")
        with calling(tmp_path, running, Wait(300), Key("1"), UntilHungUp()):
            watcher.until("ChannelDtmfReceived", '"digit":"1"')
            with calling(tmp_path, running, Wait(300), Key("1"), Key("*"), UntilHungUp()):
                forced = engine.letter(duress=True)
                gone = watcher.at("ChannelDestroyed", f'"id":"{leg}"')
                rung = watcher.at("ChannelCreated", "leg-op1", after=answered)
                assert abs((rung - gone).total_seconds()) < 2
                two = next(each for each in talk(running) if not each.startswith("leg-"))
                known = watcher.ask(f"/channels/{two}/variable?variable=HOTLINE_CALL")
                assert known["value"].split(" ")[0] == forced["contact"]


def test_a_typed_return_code_joins_and_goes_before_who_waits_longer(
    running: Asterisk, tmp_path: Path
) -> None:
    keys = Keys("771829304", tmp_path / "keys.pcap")
    typed = (Wait(300), Key("1"), keys, UntilHungUp())
    with (
        telephone(tmp_path, running, OP1) as engine,
        watching(running) as watcher,
        telephones(tmp_path, running, NEVER),
        calling(tmp_path, running, Wait(300), Key("1"), UntilHungUp()),
    ):
        watcher.until("ChannelCreated", "leg-op1")
        with calling(tmp_path, running, *typed):
            letter = engine.letter(said="71829304")
            assert letter["left"] == "talk"
            # It came second, and hears that it is the first.
            asked = json.loads(watcher.until('"PlaybackStarted"', "en/ask_code"))
            whose = asked["playback"]["target_uri"]
            watcher.until('"PlaybackStarted"', '/en/n1"', whose)
            assert not [one for one in watcher.heard if '/en/n2"' in one and whose in one]


def test_the_place_is_said_and_after_a_minute_a_code_to_come_back_with(
    running: Asterisk, tmp_path: Path
) -> None:
    # Somebody who sends no sound at all would be taken for gone.
    breath = Say(speech(tmp_path, "Hello?"), 120_000)
    with (
        telephone(tmp_path, running, OP1),
        watching(running) as watcher,
        telephones(tmp_path, running, NEVER),
        calling(tmp_path, running, Wait(300), Key("1"), breath, HangUp()),
    ):
        watcher.plays("en/not_recorded")
        begun = watcher.at("ChannelCreated", "leg-op1")
        placed = watcher.at('"PlaybackStarted"', 'en/place","')
        assert 18 < (placed - begun).total_seconds() < 30
        watcher.plays("en/code_digits")
        watcher.plays(f"en/n{CODE[-1]}")
        said = watcher.played()
        digits = [f"en/n{digit}" for digit in CODE]
        code = said.index("en/code")
        assert said[code : code + 10] == ["en/code", *digits, "en/code_digits"]


def test_everyone_is_rung_after_fifteen_seconds_then_the_backup_team_and_desks_are_woken(
    running: Asterisk, tmp_path: Path
) -> None:
    other = Operator("op2", ("fr",), "PJSIP/op2", on_duty=True)
    backup = Operator("op3", ("fr",), "PJSIP/op3", "backup", on_duty=True)
    with (
        telephone(tmp_path, running, OP1, other, backup) as engine,
        watching(running) as watcher,
        telephones(tmp_path, running, NEVER, NEVER, NEVER),
        calling(tmp_path, running, Wait(300), Key("1"), UntilHungUp()),
    ):
        first = watcher.at("ChannelCreated", "leg-op1")
        everyone = watcher.at("ChannelCreated", "leg-op2")
        assert 14 < (everyone - first).total_seconds() < 25
        others = watcher.at("ChannelCreated", "leg-op3")
        assert 19 < (others - first).total_seconds() < 35
        watcher.until('"state":"Ringing"', "leg-op3")
        letter = engine.letter(left="talk")
        assert (letter["silent"], letter["duress"], letter["waits"]) == (False, False, True)


def test_going_off_duty_while_somebody_waits_leads_them_to_the_message_box(
    running: Asterisk, tmp_path: Path
) -> None:
    with (
        telephone(tmp_path, running, OP1) as engine,
        watching(running) as watcher,
        telephones(tmp_path, running, NEVER),
        calling(tmp_path, running, Wait(300), Key("1"), UntilHungUp()),
    ):
        watcher.until("ChannelCreated", "leg-op1")
        engine.set_duty(Operator("op1", ("en",), "PJSIP/op1"))
        watcher.until("ChannelDestroyed", "leg-op1")
        watcher.plays("en/message")
