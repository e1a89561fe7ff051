# SPDX-License-Identifier: AGPL-3.0-or-later
"""The search for a person's eight words, which the seizure test must come back from empty, finds.

No build of ours ever writes a phrase, so what it would look like on a disk is planted here.
"""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from safeconduct.kernel.phrase import words_of
from safeconduct.programs.seizures.markers import JOINERS, phrase_search
from safeconduct.programs.seizures.search import Find, scan_files

PHRASES: Final = {tongue: words_of(bytes(range(40, 51)), 8, tongue) for tongue in ("en", "ru")}
ENCODINGS: Final = {"UTF-8": "utf-8", "UTF-16le": "utf-16-le", "UTF-16be": "utf-16-be"}
"""By SQLite's names and by Python's."""


def in_a_file(folder: Path, text: str, encoding: str) -> None:
    """Plant a text between others."""
    (folder / "kept").write_text(f"before {text} after", encoding=ENCODINGS[encoding])


def in_a_packed_file(folder: Path, text: str, encoding: str) -> None:
    """Plant a text where a log was packed."""
    (folder / "kept.gz").write_bytes(gzip.compress(f"a {text} z".encode(ENCODINGS[encoding])))


def in_a_page(folder: Path, text: str, encoding: str) -> None:
    """Plant a text in a row of a database."""
    with closing(sqlite3.connect(folder / "kept.db")) as database:
        database.execute(f'PRAGMA encoding = "{encoding}"')
        database.execute("CREATE TABLE kept (words TEXT)")
        database.executemany("INSERT INTO kept VALUES (?)", [("x" * 500,)] * 40)
        database.execute("INSERT INTO kept VALUES (?)", (text,))
        database.commit()


def in_a_freed_page(folder: Path, text: str, encoding: str) -> None:
    """Plant a text in a database that dropped it and freed its page."""
    in_a_page(folder, text, encoding)
    with closing(sqlite3.connect(folder / "kept.db")) as database:
        database.execute("PRAGMA secure_delete = off")
        database.execute("DROP TABLE kept")
        database.commit()
        assert database.execute("PRAGMA freelist_count").fetchone()[0] > 0


@pytest.mark.parametrize("plant", [in_a_file, in_a_packed_file, in_a_page, in_a_freed_page])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_eight_words_are_found_however_they_are_joined(
    tmp_path: Path, plant: Callable[[Path, str, str], None], encoding: str
) -> None:
    search = phrase_search(PHRASES.values())
    for number, joiner in enumerate((" ", *JOINERS)):
        for tongue, words in PHRASES.items():
            text, folder = joiner.join(words), tmp_path / f"{tongue}{number}"
            folder.mkdir()
            plant(folder, text, encoding)
            assert scan_files(search, folder), (joiner, tongue)


def test_words_that_only_stand_in_a_list_are_not_taken_for_a_phrase(tmp_path: Path) -> None:
    search = phrase_search(PHRASES.values())
    for joiner in JOINERS:
        for words in PHRASES.values():
            with (tmp_path / "list").open("a", encoding="utf-8") as file:
                file.write(joiner.join(sorted(words)) + joiner.join(words[:7]))
    found: set[Find] = scan_files(search, tmp_path)
    assert not found
