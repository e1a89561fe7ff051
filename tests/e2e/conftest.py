# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chromium by Playwright; browsers that stay open between visits are closed after the last."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.kit.chromium import started
from tests.kit.visiting import end_visits


@pytest.fixture(scope="session", autouse=True)
def _visits() -> Iterator[None]:
    yield
    end_visits()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all windows of a module, each of which knows nothing of the others."""
    with started() as browser:
        yield browser
