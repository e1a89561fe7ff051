# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls phones when timers pass: one constant sentence to a topic (docs/spec/check-ins.md 1).

A call is written down only after the pager took it, so it may come twice and is never lost.
What fails is tried again; nothing of it is logged.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Final

import apsw
import urllib3

from safeconduct.edges.relay import timers
from safeconduct.edges.relay.database import Database
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.ports import Clock
from safeconduct.kernel.wire.pages import HEADERS, SENTENCE

Page = Callable[[str], bool]
"""Calls whoever listens under a topic; tells whether the pager took it."""
LOOK_SECONDS: Final = 5.0
TRY_AGAIN_SECONDS: Final = 30.0
ANSWER_SECONDS: Final = 5.0
CLOSE_SECONDS: Final = 3 * ANSWER_SECONDS
OK: Final = 200


class Pager:
    """Posts the sentence to an ntfy server, or to any that takes a text posted to an address."""

    def __init__(self, url: str) -> None:
        """Call through this server: a URL without a path."""
        self._url: Final = url
        timeout = urllib3.Timeout(connect=ANSWER_SECONDS, read=ANSWER_SECONDS)
        retries = urllib3.Retry(0, redirect=False)
        self._pool: Final = urllib3.PoolManager(timeout=timeout, retries=retries)

    def __call__(self, topic: str) -> bool:
        """Call whoever listens under a topic; tell whether the server took it."""
        try:
            answer = self._pool.request(
                *("POST", f"{self._url}/{topic}"),
                body=SENTENCE.encode(),
                headers=HEADERS,
                preload_content=False,
            )
            answer.close()
        except (urllib3.exceptions.HTTPError, ValueError):
            return False
        return answer.status == OK


class Caller:
    """Looks every few seconds whose time has come, and calls."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Call nobody, until `start`."""
        self._database: Final = database
        self._clock: Final = clock
        self._thread: threading.Thread | None = None

    @property
    def calls(self) -> bool:
        """Whether there is a pager."""
        return self._thread is not None

    def start(self, page: Page, closing: threading.Event) -> None:
        """Call by `page`, in a thread of its own, until the relay closes."""
        self._thread = threading.Thread(
            target=self._call_on, args=(page, closing), name="relay-caller", daemon=True
        )
        self._thread.start()

    def join(self) -> None:
        """Wait a while for the thread, once the relay closes: a pager may hold it for ever."""
        if self._thread is not None:
            self._thread.join(CLOSE_SECONDS)

    def look(self, page: Page) -> bool:
        """Call for every timer whose time has come; tell whether the pager took all."""
        found = timers.due(self._database.reader(), self._clock.now())
        taken = [self._call(page, one) for one in found]  # All, whatever becomes of the first.
        return all(taken)

    def _call(self, page: Page, one: timers.Due) -> bool:
        if not page(one.topic.hex()):
            return False
        now = self._clock.now()
        with contextlib.suppress(apsw.Error, SafeconductError):
            self._database.write(lambda connection: timers.called(connection, one, now))
            return True
        return False  # It is called once more, and those after it are called now.

    def _call_on(self, page: Page, closing: threading.Event) -> None:
        """Go on whatever happens: what fails now is tried again."""
        pause = 0.0
        while not closing.wait(pause):
            took_all = False
            with contextlib.suppress(Exception):  # Without this thread nobody is called.
                took_all = self.look(page)
            pause = LOOK_SECONDS if took_all else TRY_AGAIN_SECONDS
