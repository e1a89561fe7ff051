# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each setting of a line is asked for in words (docs/spec/lines.md 1)."""

import re

import pytest

from safeconduct.edges.lines.kinds import kind_of_line
from safeconduct.edges.lines.kinds.forms import FORMS, fits
from safeconduct.programs.line_words import MISFITS, QUESTIONS, question_of, told
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


def test_each_form_that_a_setting_must_have_is_known_and_said_in_words() -> None:
    asked = {one.form for kind in KINDS for one in kind_of_line(kind).ASKS} - {""}
    assert asked == set(FORMS) == set(MISFITS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_stands_unless_something_is_typed_has_the_form_or_means_none(kind: Kind) -> None:
    for asked in kind_of_line(kind).ASKS:
        assert asked.unless in {"", "-"} or fits(asked.form, asked.unless)


@pytest.mark.parametrize("tongue", ["en", "ru"])
@pytest.mark.parametrize("code", ["no_program", "port_taken", "bad_server", "defect [KeyError]"])
def test_a_code_of_what_failed_comes_with_what_to_do(
    code: str, tongue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", tongue)
    said = told(code)
    assert said.startswith(f"{code}: ")
    assert bool(re.search("[А-я]{4}", said)) is (tongue == "ru")
