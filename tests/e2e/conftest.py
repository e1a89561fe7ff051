# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chromium by Playwright; browsers that stay open between visits are closed after the last."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.kit.chromium import chromium_for_all, end_chromium
from tests.kit.visiting import end_visits


@pytest.fixture(scope="session", autouse=True)
def _visits() -> Iterator[None]:
    yield
    end_visits()


@pytest.fixture
def chromium() -> Browser:
    """One browser for all windows, each of which knows nothing of the others."""
    return chromium_for_all()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """End it where the next test does without."""
    if "chromium" not in getattr(nextitem, "fixturenames", ()):
        end_chromium()
