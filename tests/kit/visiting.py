# SPDX-License-Identifier: AGPL-3.0-or-later
"""A visitor of the person's pages, in a browser that may be open since the visit before.

To start Firefox takes longer than most visits.  Each visit has a context of its own, which knows
nothing of the others and goes with it; who looks into the profile or at the processes needs a
whole browser of `browsers.browser`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from tests.kit.browsers import Browser, browser

_UNSCRIPTED: Final[dict[str, object]] = {"javascript.enabled": False}
_open: Final[dict[tuple[str, bool], tuple[Browser, ExitStack]]] = {}


@contextmanager
def visit(kind: str, *, scripts: bool = True) -> Iterator[Browser]:
    """Give an empty page of its own; one that failed takes its browser with it."""
    # Chromium's pages can be told to run no scripts; Firefox must begin without.
    which = (kind, scripts or kind == "chromium")
    page = _opened(*which)
    try:
        page.renew(apart=True)
        page.seen()
        for path in page.downloads.iterdir():
            path.unlink()
        if which[1] and not scripts:
            page.script(on=False)
        yield page
    except BaseException:
        _open.pop(which)[1].close()
        raise


def end_visits() -> None:
    """Close every browser that was opened for a visit."""
    while _open:
        _open.popitem()[1][1].close()


def _opened(kind: str, scripts: bool) -> Browser:
    if (kind, scripts) not in _open:
        stack = ExitStack()
        page = stack.enter_context(browser(kind, prefs={} if scripts else _UNSCRIPTED))
        _open[kind, scripts] = page, stack
    return _open[kind, scripts][0]
