# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chromium by Playwright, which waits as long as every test does, and goes on between tests.

While it runs, no other event loop may run in the same thread: it ends before a test without it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.kit.patience import PATIENT

FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_open: Final[list[tuple[Browser, ExitStack]]] = []


def chromium_for_all() -> Browser:
    """Return the browser that is open since the test before, or a new one."""
    if _open and not _open[0][0].is_connected():
        end_chromium()
    if not _open:
        stack = ExitStack()
        _open.append((stack.enter_context(started()), stack))
    return _open[0][0]


def end_chromium() -> None:
    """End what `chromium_for_all` began."""
    while _open:
        _open.pop()[1].close()


@contextmanager
def started() -> Iterator[Browser]:
    """Start Chromium without a screen."""
    expect.set_options(timeout=PATIENT)
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(
            executable_path=found, args=list(FLAGS), timeout=PATIENT
        )
        browser.on("context", _wait_patiently)
        yield browser
        browser.close()


def _wait_patiently(context: BrowserContext) -> None:
    context.set_default_timeout(PATIENT)
