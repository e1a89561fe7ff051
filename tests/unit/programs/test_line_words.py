# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each setting of a line is asked for in words (docs/spec/lines.md 1)."""

import pytest

from safeconduct.edges.lines.kinds import kind_of_line
from safeconduct.programs.line_words import QUESTIONS, question_of
from safeconduct.rooms.hotline.by_line import KINDS, Kind


@pytest.mark.parametrize("kind", KINDS)
def test_each_setting_is_asked_for_in_words_and_none_has_a_secret_for_its_default(
    kind: Kind,
) -> None:
    for asked in kind_of_line(kind).ASKS:
        assert asked.name in QUESTIONS
        assert not asked.secret or asked.unless in {"", "-"}
        assert question_of(asked).endswith(": ")


def test_no_question_is_left_that_no_kind_asks() -> None:
    asked = {one.name for kind in KINDS for one in kind_of_line(kind).ASKS}
    assert set(QUESTIONS) == asked
