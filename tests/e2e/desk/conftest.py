# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chromium, a served desk, and windows that are unlocked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.kit.desk_window import Served, enter, served_desk

FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


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
