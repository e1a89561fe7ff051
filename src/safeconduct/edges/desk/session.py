# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one browser session of a desk: a link that opens once, a cookie, a token for forms.

A desk serves one person on one machine, so there is one session and it lives in memory.
Everything fails closed: an unknown token, a used link or a late one gives nothing.
"""

from __future__ import annotations

import hmac
import secrets
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LINK_LIVES: Final = 120.0
"""Seconds in which the one-time link must be opened."""
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0
NOTICES_MOST: Final = 5
TOKEN_BYTES: Final = 32


class Session:
    """Who holds this desk's browser window, and what it was told last."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin without a visitor; `clock` counts seconds and never goes back."""
        self.link = secrets.token_urlsafe(TOKEN_BYTES)
        self.language = ""
        self.keys = True
        self.waits = False
        self.blurs = True
        self.calls = True
        self._clock = clock
        self._expires = clock() + LINK_LIVES
        self._used = False
        self._cookie = ""
        self._form = ""
        self._notices: list[str] = []
        self._lock = Lock()

    @property
    def form_token(self) -> str:
        """What each form of this session carries."""
        return self._form

    def redeem(self, link: str) -> str | None:
        """Give the cookie for the one-time link, the first time and in time; None otherwise."""
        with self._lock:
            good = _same(link, self.link) and not self._used and self._clock() < self._expires
            if not good:
                return None
            self._used = True
            return self._renew()

    def renew(self) -> str:
        """Make new tokens, so that what was known before the unlocking is worth nothing."""
        with self._lock:
            return self._renew()

    def knows(self, cookie: str) -> bool:
        """Tell whether a cookie is this session's."""
        return bool(self._cookie) and _same(cookie, self._cookie)

    def wrote(self, form_token: str) -> bool:
        """Tell whether a form came from a page of this session."""
        return bool(self._form) and _same(form_token, self._form)

    def tell(self, notice: str) -> None:
        """Keep a sentence for the next page."""
        with self._lock:
            self._notices = [*self._notices, notice][-NOTICES_MOST:]

    def told(self) -> list[str]:
        """Give what the next page must say, once."""
        with self._lock:
            notices, self._notices = self._notices, []
        return notices

    def _renew(self) -> str:
        self._cookie = secrets.token_urlsafe(TOKEN_BYTES)
        self._form = secrets.token_urlsafe(TOKEN_BYTES)
        return self._cookie


class Patience:
    """How long the next try of a passphrase must wait: it doubles with each miss."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin with no misses."""
        self._clock = clock
        self._misses = 0
        self._ready = 0.0

    def left(self) -> float:
        """Seconds until a passphrase may be tried."""
        return max(0.0, self._ready - self._clock())

    def missed(self) -> float:
        """Count a wrong passphrase; return the seconds that it costs."""
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**self._misses)
        self._misses += 1
        self._ready = self._clock() + pause
        return pause


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
