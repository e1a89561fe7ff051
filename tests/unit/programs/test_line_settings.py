# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a telephone line is told is checked when it is told, and changed later in words."""

import io
import sys

import pytest

from safeconduct.edges.lines.phone.exchange import BadSetting
from safeconduct.edges.lines.phone.settings import ASKS, exchange_of
from safeconduct.programs.line_settings import CannotStand, asked_settings, settings_in_words
from safeconduct.programs.wording import word


def _asked(
    monkeypatch: pytest.MonkeyPatch, typed: list[str], before: dict[str, str]
) -> dict[str, str]:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
    return asked_settings("phone", before)


def _typed(**told: str) -> list[str]:
    return [*(told.get(one.name, "") for one in ASKS), ""]


def test_a_telephones_name_that_the_duty_list_cannot_hold_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = _typed(trunk_host="sip.velmark.test", telephones="Anna boro")
    told = _asked(monkeypatch, [*typed, "anna boro"], {})
    assert [one.name for one in exchange_of(told).operators] == ["anna", "boro"]
    assert not [name for name in told if "Anna" in name]
    shown = capsys.readouterr().out
    assert "This cannot stand in Asterisk’s settings: Telephones of those on duty" in shown


def test_who_changes_settings_keeps_passwords_but_those_of_telephones_that_are_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    typed = _typed(trunk_host="sip.velmark.test", telephones="anna boro")
    before = _asked(monkeypatch, typed, {})
    after = _asked(monkeypatch, _typed(telephones="anna cira"), before)
    kept = ("ari_password", "telephone_password_anna", "trunk_host")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert "telephone_password_boro" not in after
    assert after["telephone_password_cira"]


def test_what_cannot_stand_is_told_by_its_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")
    with pytest.raises(CannotStand) as failed, settings_in_words():
        raise BadSetting("trunk_host")
    said = word(failed.value)
    assert "Server of the telephone company" in said
    assert "safeconduct line set FOLDER" in said
