# SPDX-License-Identifier: AGPL-3.0-or-later
"""`safeconduct line phone duty`: the list of who answers, shown and changed (spec/phone.md 4)."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from safeconduct.edges.lines.folder import Making, new_line
from safeconduct.edges.lines.phone.duty import BadName, UnknownOperator
from safeconduct.edges.lines.post import OsRng
from safeconduct.kernel.seal import stretch
from safeconduct.programs import line as program
from tests.lines.kit.at_work import PASSPHRASE

SETTINGS = {
    "languages": "en ru",
    "trunk_host": "sip.invalid",
    "telephones": "alma boro:own",
    "ari_password": "for-tests-only-0",
    "telephone_password_alma": "for-tests-only-1",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(stretch.Cost.__init__, "__defaults__", (8, 1, 1))
    monkeypatch.setenv("LANGUAGE", "en")
    new_line(tmp_path / "line", Making("phone", PASSPHRASE, SETTINGS), OsRng())
    return tmp_path / "line"


def _typed(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSPHRASE}\n"))
    assert program.run(["phone", "duty", str(folder), *arguments]) == 0


def test_the_list_is_shown_and_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _typed(monkeypatch, folder)
    assert "alma\ton duty\tfirst\ten ru\n" in capsys.readouterr().out
    _typed(monkeypatch, folder, "alma", "off")
    assert "alma\toff duty\tfirst\ten ru\n" in capsys.readouterr().out
    _typed(monkeypatch, folder, "boro", "on", "--languages", "ru", "--team", "backup")
    _typed(monkeypatch, folder)
    shown = capsys.readouterr().out
    assert shown.endswith("alma\toff duty\tfirst\ten ru\nboro\ton duty\tbackup\tru\n")
    # Neither a name nor a language lies open in the folder.
    assert not [file for file in folder.iterdir() if b"boro" in file.read_bytes()]


def test_a_name_that_nobody_has_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnknownOperator):
        _typed(monkeypatch, folder, "cira", "off")


def test_a_name_that_the_list_could_not_hold_spoils_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadName):
        _typed(monkeypatch, folder, "Anna", "on", "--languages", "ru")
    _typed(monkeypatch, folder, "alma", "off")
