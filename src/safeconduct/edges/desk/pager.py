# SPDX-License-Identifier: AGPL-3.0-or-later
"""One call to phones: the same bytes for everybody, whatever happened (docs/adr/0041).

Speaks to an ntfy server, or to any other that takes a text posted to an address.  Through the
desk's own proxy where it has one.  No library of a hundred services is loaded beside the keys.
"""

from __future__ import annotations

from typing import Final

import urllib3

from safeconduct.kernel.wire.pages import HEADERS, SENTENCE

SECONDS: Final = 15.0
OK: Final = 200


class Pager:
    """Posts the sentence."""

    def __init__(self, *, proxy: str | None = None) -> None:
        """Go through a proxy, as the desk's own line does."""
        timeout = urllib3.Timeout(connect=SECONDS, read=SECONDS)
        retries = urllib3.Retry(0, redirect=False)
        self._pool: Final[urllib3.PoolManager] = (
            urllib3.ProxyManager(proxy, timeout=timeout, retries=retries)
            if proxy
            else urllib3.PoolManager(timeout=timeout, retries=retries)
        )

    def call(self, address: str, topic: str) -> bool:
        """Call whoever listens under a topic; tell whether the server took it."""
        try:
            answer = self._pool.request(
                *("POST", f"{address}/{topic}"),
                body=SENTENCE.encode(),
                headers=HEADERS,
                preload_content=False,
            )
            answer.close()  # Unread: a server that never ends its answer would hold this thread.
        except (urllib3.exceptions.HTTPError, ValueError):
            return False
        return answer.status == OK

    def close(self) -> None:
        """Drop all connections."""
        self._pool.clear()
