# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk that was open and is locked: what is left of it is the process that never held keys.

The desk is opened and locked over HTTP, as a browser of the person's own would.  Linux alone.
"""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
from contextlib import contextmanager, suppress
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from safeconduct.kernel.errors import Defect
from safeconduct.programs.players import until
from safeconduct.programs.seizures.memory import children_of, hold_still

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ANSWER_SECONDS: Final = 60
CSRF: Final = re.compile(r'name="csrf" value="([^"]+)"')


@contextmanager
def locked_desk(home: Path, passphrase: str) -> Iterator[int]:
    """Open a desk, lock it, and return the process that is left, which is stopped where it is.

    Raises:
        Defect, OSError: the desk did not open.
        Unreachable: it did not lock within a minute.
    """
    with subprocess.Popen(  # noqa: S603  (our own program, no shell)
        [sys.executable, "-m", "safeconduct", "desk", "--home", str(home), "--no-window"],
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        try:
            assert parent.stdout is not None
            browser = _Browser(parent.stdout.readline().strip())
            browser.post("/passphrase", passphrase=passphrase)
            with suppress(OSError):  # The process that answered is gone: that is what counts.
                browser.post("/lock")
            until(lambda: not children_of(parent.pid))
            hold_still(parent.pid)  # It would end after two seconds.
            yield parent.pid
        finally:
            parent.kill()


class _Browser:
    """Comes in by the one-time link, and keeps its cookie."""

    def __init__(self, link: str) -> None:
        self._origin: Final = link.partition("/open")[0]
        self._opener: Final = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar())
        )
        self._ask(link)

    def post(self, path: str, **fields: str) -> None:
        """Post as the desk's own page would."""
        token = CSRF.search(self._ask(f"{self._origin}/unlock"))
        if token is None:
            raise Defect
        form = urlencode({"csrf": token[1], **fields}).encode()
        asked = urllib.request.Request(  # noqa: S310  (our own desk on loopback)
            self._origin + path, form, {"Origin": self._origin}
        )
        self._ask(asked)

    def _ask(self, asked: str | urllib.request.Request) -> str:
        with self._opener.open(asked, timeout=ANSWER_SECONDS) as answer:
            page: bytes = answer.read()
        return page.decode()
