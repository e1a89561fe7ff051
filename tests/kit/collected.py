# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which tests really run here, as pytest itself sees them; loaded into a run that only collects.

A test is switched off by a mark of any name and from anywhere whose condition holds here, and by a
call of its own or of a fixture that would skip it: then it proves nothing while it is green.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from _pytest.skipping import evaluate_skip_marks, evaluate_xfail_marks

ROOT: Final = Path(__file__).parents[2]
TOLD: Final = "SAFECONDUCT_COLLECTED"
SKIPPING: Final = {"skip", "importorskip", "xfail"}
SKIPS: Final = (pytest.skip, pytest.importorskip, pytest.xfail)


def running_tests(folder: Path, root: Path, told: Path) -> dict[str, set[str]]:
    """Return each test function below a folder that nothing switches off, and its files."""
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider"]
    command += ["-p", __name__, "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(root)]
    done = subprocess.run(
        [*command, str(folder)],
        cwd=ROOT,
        env={**os.environ, TOLD: str(told), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    runs: dict[tuple[str, str], bool] = {}
    for line in told.read_text(encoding="utf-8").splitlines():
        state, file, name = line.split("\t")
        runs[file, name] = runs.get((file, name), True) and state == "runs"
    found: dict[str, set[str]] = {}
    for file, name in (key for key, on in runs.items() if on):
        found.setdefault(name, set()).add(file)
    return found


def pytest_collection_finish(session: pytest.Session) -> None:
    """Write down each test and whether it runs."""
    lines = []
    for item in session.items:
        assert isinstance(item, pytest.Function)
        state = "off" if _is_off(item) else "runs"
        lines.append(f"{state}\t{item.nodeid.partition('::')[0]}\t{item.originalname}\n")
    Path(os.environ[TOLD]).write_text("".join(lines), encoding="utf-8")


def _is_off(item: pytest.Function) -> bool:
    if evaluate_skip_marks(item) or evaluate_xfail_marks(item):
        return True
    fixtures = item._fixtureinfo.name2fixturedefs.values()
    calls = (item.function, *(one.func for some in fixtures for one in some))
    return any(_skips(call) for call in calls)


def _skips(call: Any) -> bool:  # noqa: ANN401  (of any kind of function)
    """Tell whether a function of ours names something of pytest that skips, by any name."""
    code = getattr(call, "__code__", None)
    if code is None or "site-packages" in code.co_filename:
        return False
    meant = [call.__globals__.get(name) for name in code.co_names]
    return bool(SKIPPING & set(code.co_names)) or any(
        one is skip for one in meant for skip in SKIPS
    )
