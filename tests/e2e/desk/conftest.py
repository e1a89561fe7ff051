# SPDX-License-Identifier: AGPL-3.0-or-later
"""A served desk, and windows that are unlocked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.kit.desk_window import Served, enter, served_desk


@pytest.fixture
def served() -> Iterator[Served]:
    with served_desk() as served:
        yield served


@pytest.fixture
def page(served: Served, chromium: Browser) -> Iterator[Page]:
    """A window that has been unlocked; it must have had nothing to complain about at the end."""
    context = chromium.new_context(viewport={"width": 1100, "height": 800}, locale="en-GB")
    page = served.watch(context.new_page())
    enter(page, served)
    yield page
    context.close()
    assert not served.complaints


@pytest.fixture
def plain(served: Served, chromium: Browser) -> Iterator[Page]:
    """A window without script that has been unlocked."""
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    enter(page, served)
    yield page
    context.close()
