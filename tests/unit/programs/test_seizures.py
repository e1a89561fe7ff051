# SPDX-License-Identifier: AGPL-3.0-or-later
"""The drill's table: what is too much, what is blind, what was not done, and in which language."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from safeconduct.programs.drill import HELD, TOLD_TOO_MUCH, show
from safeconduct.programs.seizures import admitted as told
from safeconduct.programs.seizures import lz4
from safeconduct.programs.seizures.search import Search
from safeconduct.programs.seizures.table import Row, as_markdown, as_text
from safeconduct.programs.wording import say_in

BYTES = 1_000_000
FIT = Row(told.SERVERS_FILES, frozenset({told.TIMES}), BYTES)
PACKED = lz4.HEAD + bytes(4) + b"\x90her words" + b"\x00"
"""A run of nine letters that stands for itself."""


def row(*found: str, looked_at: int = BYTES) -> Row:
    """What a seizure of the server's files may look like."""
    return Row(told.SERVERS_FILES, frozenset({told.TIMES, *found}), looked_at)


def test_a_drill_holds_that_finds_what_is_admitted_and_no_more(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert show([FIT], None) == HELD
    assert told.FILE_TELLS_TIMES in capsys.readouterr().out


@pytest.mark.parametrize("label", [one for one in told.LABELS if one != told.TIMES])
def test_a_drill_fails_that_finds_anything_else(label: str) -> None:
    assert row(label).too_much == {label}
    assert show([FIT, row(label)], None) == TOLD_TOO_MUCH


def test_a_part_of_a_word_is_too_much(capsys: pytest.CaptureFixture[str]) -> None:
    assert show([row("parts of words")], None) == TOLD_TOO_MUCH
    assert "NOT ADMITTED: parts of words" in capsys.readouterr().out


def test_a_drill_fails_that_misses_what_must_be_there_or_looked_at_nothing() -> None:
    assert show([Row(told.SERVERS_FILES, frozenset(), BYTES)], None) == TOLD_TOO_MUCH
    assert show([row(looked_at=9)], None) == TOLD_TOO_MUCH


def test_what_was_not_done_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [FIT, Row(told.SERVERS_MEMORY, needs="root")]
    assert show(rows, tmp_path / "table.md") == HELD
    assert "Seizures that were not done here: 1." in capsys.readouterr().out
    table = (tmp_path / "table.md").read_text(encoding="utf-8")
    assert "| the server's memory | - | not done here: needs root |" in table


def test_a_table_says_every_seizure_in_russian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "ru")
    rows = [Row(taken, frozenset(one.may), BYTES) for taken, one in told.SEIZURES.items()]
    lines = [*as_text(rows), *as_markdown(rows)]
    for text in (*told.SEIZURES, *told.LABELS):
        assert say_in("ru", text) != text
    for taken in told.SEIZURES:
        assert not [line for line in lines if taken in line]
        assert [line for line in lines if say_in("ru", taken) in line]


def test_nobody_but_a_steward_may_hold_a_stewards_keys() -> None:
    holders = {
        role
        for role, taken in told.OPEN_AS.items()
        if told.STEWARDS_KEYS in told.SEIZURES[taken].may
    }
    assert {role.value for role in holders} == {"steward"}


def test_keys_are_found_as_bytes_in_hex_and_in_base64() -> None:
    key = bytes(range(200, 232))
    search = Search((), keys={"a key": key})
    for written in (key, key.hex().encode(), key.hex().upper().encode(), gzip.compress(key)):
        assert {find.marker for find in search.scan(b"x" + written, "here")} == {"a key"}
    assert not search.scan(key[:-1] + bytes(1), "here")


def test_what_firefox_packed_is_found() -> None:
    search = Search((), plain=["her words"])
    assert lz4.unpack(PACKED, 100) == b"her words"
    assert search.scan(b"before" + PACKED, "here")
