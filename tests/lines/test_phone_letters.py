# SPDX-License-Identifier: AGPL-3.0-or-later
"""A call's letters from SIPp to the office: a real Asterisk, the real line and its relay."""

from __future__ import annotations

from pathlib import Path

import pytest

from safeconduct.edges.lines.phone.exchange import Operator
from safeconduct.edges.lines.phone.kind import Telephone
from safeconduct.kernel.canon import encode
from safeconduct.rooms.hotline.letters import Letter
from safeconduct.rooms.hotline.spoken import CallMark, parse_call
from tests.lines.kit.asterisk import asterisk
from tests.lines.kit.at_work import at_work, mark_of
from tests.lines.kit.calls import telephones
from tests.lines.kit.sipp import HangUp, Key, Wait
from tests.lines.kit.sipp import Telephone as Phone
from tests.lines.kit.telephone import calling, prompts_in, takes_calls

pytestmark = pytest.mark.needs("sipp")

OWN = (Operator(name="op1", way="own"),)


def _told(letter: Letter) -> CallMark:
    mark = parse_call(encode({"call": letter.extras["call"]}))
    assert mark is not None
    return mark


def test_duress_and_hanging_up_in_line_reach_the_office_as_one_conversation(
    tmp_path: Path,
) -> None:
    steps = (Wait(300), Key("1"), Key("*"), Wait(1_000), HangUp())
    with (
        asterisk(tmp_path, OWN, prompts=prompts_in(tmp_path / "prompts", ("en",))) as running,
        at_work(tmp_path, "phone", lambda _, kept: Telephone(running.exchange, kept)) as work,
        telephones(tmp_path, running, Phone(answers_ms=None)),
    ):
        takes_calls(running)
        with calling(tmp_path, running, *steps) as caller:
            caller.ended()
        forced, left = work.until(2)
    assert _told(forced) == CallMark(duress=True, left="talk")
    assert _told(left) == CallMark(duress=True, left="hung_up")
    assert (forced.text, left.text, forced.files, left.files) == ("", "", (), ())
    assert forced.voice == left.voice
    codes = {mark_of(letter).code for letter in (forced, left)}
    assert len(codes) == 1
    assert all(mark_of(letter).kind == "phone" for letter in (forced, left))
    assert not work.codes
