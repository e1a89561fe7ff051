# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shipped configuration in a real Asterisk: it starts without a word, and a call comes through.

Without the hotline's program: what Asterisk does by itself then is part of the promise.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.lines.phone.exchange import Operator
from safeconduct.edges.lines.phone.modules import LOADED, PRELOADED, is_forbidden
from tests.lines.kit.asterisk import Asterisk, asterisk, short_prompts
from tests.lines.kit.calls import call, speech, stranger, telephones
from tests.lines.kit.sipp import CALLER, HangUp, Say, Telephone, Wait

OWN = (Operator(name="op1", way="own"), Operator(name="op2", way="own"))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Asterisk]:
    with asterisk(tmp_path, OWN, prompts=short_prompts(tmp_path, ("en",))) as one:
        yield one


def test_all_that_is_needed_is_loaded_and_nothing_that_keeps_calls(running: Asterisk) -> None:
    lines = running.command("module show").splitlines()
    loaded = {words[0].removesuffix(".so") for line in lines if (words := line.split())}
    assert set(LOADED) | set(PRELOADED) <= loaded
    assert not [name for name in loaded if is_forbidden(name)]


def test_operators_ring_by_asterisk_alone_when_the_program_is_dead(
    running: Asterisk, tmp_path: Path
) -> None:
    sound = speech(tmp_path, "Can anybody hear me?")
    never = Telephone(answers_ms=None, times=1)
    answers = Telephone(answers_ms=300, times=1)
    with telephones(tmp_path, running, never, answers) as rung:
        call(tmp_path, running, (Wait(2_000), Say(sound, 2_000), HangUp())).ended()
        for one in rung:
            one.ended()
    assert CALLER.lstrip("+") not in "".join(running.warnings())


@pytest.mark.parametrize("name", ["trunk", "operator", "100"])
def test_who_calls_as_the_provider_from_elsewhere_is_turned_away(
    running: Asterisk, tmp_path: Path, name: str
) -> None:
    stranger(tmp_path, running, name).ended()
    assert "0 active channels" in running.command("core show channels")
    assert "0 calls processed" in running.command("core show channels")
