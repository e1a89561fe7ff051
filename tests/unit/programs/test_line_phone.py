# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is done beside a telephone line leaves nothing half done, and says one thing once."""

import io
import sys
from pathlib import Path

import pytest

from safeconduct.edges.lines.folder import Making, new_line
from safeconduct.edges.lines.phone.prompt_files import NoVoice
from safeconduct.edges.lines.post import OsRng
from safeconduct.kernel.seal.stretch import Cost
from safeconduct.programs import line_phone
from safeconduct.programs.texts import NoSuchText

PASSPHRASE = "five grey herons waiting"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A telephone line, with its passphrase typed already."""
    told = {"languages": "en ru", "trunk_host": "sip.velmark.test", "language": "en"}
    new_line(tmp_path / "line", Making("phone", PASSPHRASE, told, Cost(8, 1, 1)), OsRng())
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSPHRASE}\n"))
    monkeypatch.setenv("LANGUAGE", "en")
    return tmp_path / "line"


def test_where_nothing_can_speak_no_folder_stands_in_the_way_of_the_next_try(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoVoice):
        line_phone.run(["prompts", str(folder), str(tmp_path / "sound")])
    assert not (tmp_path / "sound").exists()


def test_recordings_that_are_not_there_are_not_passed_over(folder: Path, tmp_path: Path) -> None:
    asked = ["prompts", str(folder), str(tmp_path / "sound"), "--recordings"]
    with pytest.raises(NoSuchText):
        line_phone.run([*asked, str(tmp_path / "none")])
    assert not (tmp_path / "sound").exists()


def test_prompts_that_are_not_there_are_one_finding(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert line_phone.run(["check", str(folder), "--tree", str(tmp_path)]) == line_phone.FAULTS
    said = capsys.readouterr().out
    assert said.count("What callers hear is not all there") == 1
    assert "en/greeting.wav, " in said
    assert "ru/greeting.wav, " in said
