# SPDX-License-Identifier: AGPL-3.0-or-later
"""A long text on its way from one desk to another: by a paste, or in a file."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from safeconduct.kernel.errors import Malformed
from safeconduct.programs import asking, texts
from safeconduct.programs.wording import word

TEXT = "-".join(["ABCDE"] * 40)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "en")


def pasted(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))


def test_text_is_read_back_from_the_file_it_was_written_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "text"
    texts.give(TEXT, file)
    assert str(file) in capsys.readouterr().out
    assert texts.take(file, "?").replace("\n", "") == TEXT
    assert max(map(len, file.read_text().splitlines())) <= texts.COLUMNS


def test_file_that_is_there_already_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "text"
    file.write_text("somebody's")
    with pytest.raises(texts.FileExists):
        texts.keep_free(file)
    with pytest.raises(FileExistsError):
        texts.give(TEXT, file)
    assert file.read_text() == "somebody's"
    texts.keep_free(None)


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_file_without_a_text_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "text"
    file.write_text(content)
    with pytest.raises(Malformed):
        texts.take(file, "?")


def test_gap_above_a_pasted_text_and_below_it_does_no_harm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts_in_two_lines = TEXT[:119] + "\n" + TEXT[119:]
    pasted(monkeypatch, f"\n\n{texts_in_two_lines}\n\n\n\nyes\n")
    assert texts.take(None, "?") == texts_in_two_lines
    assert asking.ask_yes("Did you hear so?")


@pytest.mark.parametrize("typed", ["no\n", "\nyess\n", "\n\nn\n"])
def test_anything_but_a_whole_yes_is_no(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    pasted(monkeypatch, typed)
    assert not asking.ask_yes("Did you hear so?")


def test_nothing_typed_at_all_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    for question in (asking.ask_block, asking.ask_yes):
        pasted(monkeypatch, "\n\n")
        with pytest.raises(KeyboardInterrupt):
            question("?")


def test_file_that_is_not_there_is_refused_with_words_on_its_name(tmp_path: Path) -> None:
    with pytest.raises(texts.NoSuchText) as refused:
        texts.take(tmp_path / "txet", "?")
    assert "Check its name; nothing was changed." in word(refused.value)
