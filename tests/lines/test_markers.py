# SPDX-License-Identifier: AGPL-3.0-or-later
"""The search for what must lie nowhere fails where it looks at nothing."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.lines.kit.markers import again, control, search, told

MARKER = "eleven herons behind the mill"


def test_a_search_that_looks_at_nothing_fails(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="nothing to look at"):
        search([tmp_path / "not there"], text=MARKER)
    with pytest.raises(AssertionError, match="no file"):
        search([tmp_path], text=MARKER)
    (tmp_path / "one").write_bytes(b"")
    control(tmp_path, text=MARKER)
    assert not search([tmp_path], text=MARKER)


def test_what_comes_to_lie_there_after_the_search_is_found(tmp_path: Path) -> None:
    file = tmp_path / "one"
    file.write_bytes(b"")
    assert not search([tmp_path], text=MARKER)
    file.write_text(MARKER)
    assert again() == [f"text in {file}"]
    assert again() == []


def test_a_program_that_is_told_a_marker_is_found() -> None:
    for words, environment in (((MARKER,), {}), ((), {"TEXT": MARKER})):
        command = ("sh", "-c", "echo; read line", "sh", *words)
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment) as process:
            assert process.stdout is not None
            process.stdout.readline()  # Only now its words are there to be read.
            assert any(f"of {process.pid}" in one for one in told(text=MARKER))
            process.communicate(b"")
    assert told(text=MARKER) == []
