# SPDX-License-Identifier: AGPL-3.0-or-later
"""In which order those who wait are answered, and who waits again (spec/phone.md 3, 5)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from safeconduct.edges.lines.phone.caller import MEMORY
from safeconduct.edges.lines.phone.duty import Operator
from safeconduct.edges.lines.phone.exchange import Operator as Place
from tests.lines.kit.asterisk import Asterisk, asterisk
from tests.lines.kit.calls import telephones
from tests.lines.kit.sipp import Key, Keys, Telephone, UntilHungUp, Wait
from tests.lines.kit.telephone import (
    Watcher,
    ari,
    bridges,
    calling,
    prompts_in,
    talk,
    telephone,
    until,
    watching,
)

OP1 = Operator("op1", ("en",), "PJSIP/op1", on_duty=True)
OUT_OF_ORDER = 38
"""The network failed (ITU-T Q.850)."""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Asterisk]:
    own = (Place(name="op1", way="own"),)
    with asterisk(tmp_path, own, prompts=prompts_in(tmp_path / "prompts", ("en",))) as one:
        yield one


def _callers(running: Asterisk) -> list[str]:
    there = ari(running, "GET", "/channels")
    return [one["id"] for one in there if not one["id"].startswith("leg-")]


def _come(running: Asterisk, watcher: Watcher, before: list[str], marks: str) -> str:
    """Return who called now, once Asterisk keeps these marks of them."""
    caller = until(lambda: next((one for one in _callers(running) if one not in before), None))
    where = f"/channels/{caller}/variable?variable={MEMORY}"
    until(lambda: f" {marks} " in watcher.ask(where)["value"])
    return caller


def _talks(watcher: Watcher) -> list[str]:
    """Return the callers whom an operator was brought together with, in their order."""
    begun = [json.loads(one) for one in list(watcher.heard) if '"BridgeCreated"' in one]
    names = [one["bridge"]["id"] for one in begun]
    return [name.removeprefix("talk-") for name in names if name.startswith("talk-")]


def _others(talk: list[str], caller: str, leg: str) -> bool:
    return caller in talk and len(talk) == 2 and leg not in talk


def test_the_line_is_answered_in_its_order_duress_silent_code_and_who_waits_longer(
    running: Asterisk, tmp_path: Path
) -> None:
    """They come the other way round, while the one telephone is engaged."""
    code = Keys("771829304", tmp_path / "keys.pcap")
    come = (
        ("00", (Key("1"),)),
        ("00", (Key("1"), code)),
        ("10", (Key("9"),)),
        ("01", (Key("1"), Key("*"))),
    )
    waiting: list[str] = []
    with (
        ExitStack() as callers,
        telephone(tmp_path, running, OP1) as engine,
        watching(running) as watcher,
    ):
        with telephones(tmp_path, running, Telephone(busy=True)):
            for marks, keys in come:
                callers.enter_context(calling(tmp_path, running, Wait(300), *keys, UntilHungUp()))
                waiting.append(_come(running, watcher, waiting, marks))
            engine.letter(said="71829304")
        with telephones(tmp_path, running, Telephone(answers_ms=100, talks_ms=1_000)):
            until(lambda: len(_talks(watcher)) == len(waiting))
    assert _talks(watcher) == waiting[::-1]


def test_a_caller_whose_operator_s_side_broke_has_their_place_again(
    running: Asterisk, tmp_path: Path
) -> None:
    with (
        telephone(tmp_path, running, OP1) as engine,
        watching(running) as watcher,
        telephones(tmp_path, running, Telephone(answers_ms=200)),
        calling(tmp_path, running, Wait(300), Key("1"), UntilHungUp()),
    ):
        leg, caller = sorted(talk(running), key=lambda one: not one.startswith("leg-"))
        ari(running, "DELETE", f"/channels/{leg}?reason_code={OUT_OF_ORDER}")
        watcher.until("ChannelDestroyed", leg)
        until(lambda: any(_others(talk, caller, leg) for talk in bridges(running)))
        assert engine.letters() == []
