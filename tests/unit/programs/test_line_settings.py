# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a telephone line is told is checked when it is told, and changed later in words."""

import io
import sys
from pathlib import Path

import pytest

from safeconduct.edges.lines.phone.exchange import BadSetting
from safeconduct.edges.lines.phone.settings import ASKS, exchange_of
from safeconduct.programs.line_settings import CannotStand, asked_settings, settings_in_words
from safeconduct.programs.wording import word
from safeconduct.rooms.hotline.by_line import Kind


def _asked(
    monkeypatch: pytest.MonkeyPatch,
    typed: list[str],
    before: dict[str, str],
    kind: Kind = "phone",
) -> dict[str, str]:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
    return asked_settings(kind, before)


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


MAIL = ["line@velmark.test", "a password", "imap.velmark.test:993", "smtp.velmark.test:465"]


@pytest.mark.parametrize(
    ("at", "wrong", "said"),
    [
        (0, "velmark.test", "name@example.org"),
        (2, "imap.velmark.test", "mail.example.org:993"),
        (3, "smtp.velmark.test:465465", "mail.example.org:993"),
        (4, "AB:CD", "64 signs"),
        (7, "ру", "Type one of these: en, ru"),
    ],
)
def test_a_slip_is_told_while_it_is_typed_and_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    at: int,
    wrong: str,
    said: str,
) -> None:
    typed = [*MAIL, "-", "", "", "en"]
    right = _asked(monkeypatch, typed, {}, "mail")
    assert said not in capsys.readouterr().out
    assert _asked(monkeypatch, [*typed[:at], wrong, *typed[at:]], {}, "mail") == right
    assert said in capsys.readouterr().out


def test_a_program_that_is_not_there_is_told_while_its_folder_is_typed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").touch()
    nowhere, here = str(tmp_path / "nowhere"), str(tmp_path)
    typed = ["555 0100", "+15550100", nowhere, here, nowhere, here, nowhere, "-", "a day", "", ""]
    told = _asked(monkeypatch, typed, {}, "signal")
    assert (told["program"], told["java_home"], told["brought_from"]) == (here, here, "-")
    shown = capsys.readouterr().out
    for said in (
        "without gaps",
        "no jars of signal-cli",
        "no bin/java",
        "no such folder",
        "seconds:",
    ):
        assert said in shown


def test_what_stood_before_is_kept_though_it_is_gone_from_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = {"account": "+15550100", "program": "/gone", "java_home": "/gone"}
    before |= {"brought_from": "/gone", "fades_after": "0", "language": "en"}
    assert _asked(monkeypatch, [""] * 6, before, "signal") == before
