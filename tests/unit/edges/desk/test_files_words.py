# SPDX-License-Identifier: AGPL-3.0-or-later
"""A helper reads how many files are nowhere, in whole sentences of either language."""

import pytest

from safeconduct.edges.desk.api import Trouble
from safeconduct.edges.desk.troubles import trouble
from safeconduct.kernel.words import Instant


@pytest.mark.parametrize(
    ("language", "count", "begins"),
    [
        ("en", 1, "1 file was on the server that is gone"),
        ("en", 3, "3 files were on the server that is gone"),
        ("ru", 1, "1 файл был"),
        ("ru", 3, "3 файла были"),
        ("ru", 11, "11 файлов были"),
    ],
)
def test_number_of_files_is_said_in_words(language: str, count: int, begins: str) -> None:
    said = trouble(Trouble("files_lacking", Instant(0), count=count), language)
    assert said.startswith(begins)
    assert "{" not in said
