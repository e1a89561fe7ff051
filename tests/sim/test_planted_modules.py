# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lies in the folder in which somebody started a desk is never run by it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from safeconduct.edges.desk.engine import child, opener, planner

SECONDS = 60
PLANTED = ("safeconduct", "msgspec", "numpy", "nacl", "cryptography", "struct", "json", "time")


@pytest.mark.attack
def test_a_child_runs_nothing_that_lies_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "was-run"
    planted = f"open({str(mark)!r}, 'a').close()\nraise SystemExit(3)\n"
    for name in PLANTED:
        (tmp_path / f"{name}.py").write_text(planted, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", ".")
    for module in (planner.MODULE, opener.MODULE):
        process = child.start(module, errors=subprocess.DEVNULL)
        # It got as far as to read what the desk tells it, and ends with its pipe.
        process.communicate(timeout=SECONDS)
        assert process.returncode != 3, module
        assert not mark.exists(), module
