# SPDX-License-Identifier: AGPL-3.0-or-later
"""One visit to the page, without its screen: the worker's own code in Node, over a real line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import safeconduct
from safeconduct.kernel.phrase import LISTS
from tests.kit.browsers import NODE
from tests.kit.stage import INTAKE_SIGNING, OFFICE

BROWSER: Final = Path(safeconduct.__file__).parent / "edges" / "portal" / "browser"
DRIVER: Final = Path(__file__).with_name("page_visit.mjs")


class PageVisit:
    """A worker that waits for questions."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Keep a driver that was started by `page_visit`."""
        self._process = process

    def ask(self, what: str, **request: object) -> dict[str, Any]:
        """Ask as the page does; return `done` and what was `told`, or the `code` of a fault."""
        return self._say(ask=what, **request)

    def start(self, what: str, **request: object) -> None:
        """Ask without waiting; `outcome` waits for it."""
        self._say(start=what, **request)

    def outcome(self) -> dict[str, Any]:
        """Return what came of the question that was started, as `ask` does."""
        return self._say()

    def _say(self, **line: object) -> dict[str, Any]:
        sender, receiver = self._process.stdin, self._process.stdout
        assert sender is not None
        assert receiver is not None
        sender.write(json.dumps(line) + "\n")
        sender.flush()
        return dict(json.loads(receiver.readline()))


@contextmanager
def page_visit(*ports: int) -> Iterator[PageVisit]:
    """Open the page of the stage that these ports lead to, in English.

    With several it is the page as one file, which tries them in turn.
    """
    config = {
        "addresses": [f"http://127.0.0.1:{port}" for port in ports],
        "office": OFFICE.hex(),
        "pin": INTAKE_SIGNING.public.short.raw.hex(),
        "language": "en",
        "list": "en",
        "words": list(LISTS["en"]),
    }
    with subprocess.Popen(
        [str(NODE), str(DRIVER), str(BROWSER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            visit = PageVisit(process)
            visit.ask("begin", config=config)
            yield visit
        finally:
            process.kill()
