# SPDX-License-Identifier: AGPL-3.0-or-later
"""Chromium by Playwright, which waits as long as every test does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from tests.kit.patience import PATIENT

FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


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
