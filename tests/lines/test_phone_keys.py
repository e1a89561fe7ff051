# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an operator's telephone plays of the keys that a caller presses in a talk.

Yes and no of somebody who cannot speak must be heard; the star must not, on either side.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from safeconduct.edges.lines.phone.duty import Operator
from safeconduct.edges.lines.phone.exchange import Operator as Place
from tests.lines.kit.asterisk import Asterisk, asterisk, short_prompts
from tests.lines.kit.calls import call, telephones
from tests.lines.kit.overheard import overhearing
from tests.lines.kit.sipp import HangUp, Key, Telephone, Wait
from tests.lines.kit.telephone import telephone

OP1 = Operator("op1", ("en",), "PJSIP/op1", on_duty=True)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Asterisk]:
    own = (Place(name="op1", way="own"),)
    with asterisk(tmp_path, own, prompts=short_prompts(tmp_path, ("en",))) as one:
        yield one


@pytest.mark.parametrize(("key", "played"), [("*", set()), ("2", {"2"})])
def test_a_star_is_not_heard_in_a_talk_and_a_yes_or_no_is(
    running: Asterisk, tmp_path: Path, key: str, played: set[str]
) -> None:
    steps = (Wait(5_700), Key(key), Wait(1_500), HangUp())
    with (
        telephone(tmp_path, running, OP1) as engine,
        telephones(tmp_path, running, Telephone(answers_ms=300)),
        overhearing(running.slot.address(11)) as operator,
        overhearing(running.slot.address(2)) as caller,
    ):
        call(tmp_path, running, steps).ended()
        if key == "*":
            engine.letter(duress=True)
    assert operator.keys == played
    assert "*" not in caller.keys
    assert caller.sound > 0, "nothing was overheard at all"
