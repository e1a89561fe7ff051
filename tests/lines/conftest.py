# SPDX-License-Identifier: AGPL-3.0-or-later
"""Tests with the real parts of telephone and messengers; `make test-lines` runs them.

Where a part is not installed the run says so loudly and apart, and fails in CI: see `needs`.
"""

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.lines.kit.markers import again

MISSING: set[str] = set()


@pytest.fixture(autouse=True)
def nothing_came_to_lie_about_later() -> Iterator[None]:
    """Search again, after every test, where it looked in vain."""
    yield
    assert again() == []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the parts that are missing, after all results."""
    if MISSING:
        terminalreporter.section("PARTS THAT ARE NOT INSTALLED", sep="!", red=True)
        terminalreporter.line(", ".join(sorted(MISSING)))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail in CI where a part is missing."""
    if MISSING and os.environ.get("CI"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Pass over a test that is marked `needs(program, ...)` where one is not installed."""
    for mark in item.iter_markers("needs"):
        gone = {str(name) for name in mark.args if shutil.which(str(name)) is None}
        if gone:
            MISSING.update(gone)
            pytest.skip(f"not installed: {', '.join(sorted(gone))}")
