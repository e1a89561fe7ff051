# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search in everything that was written, on this device alone."""

from __future__ import annotations

from typing import Any, Final

from litestar import get

from safeconduct.edges.desk.visit import Here, Page, Visit

WORDS_MOST: Final = 200
HITS_MOST: Final = 50


@get("/search", sync_to_thread=True)
def search(visit: Here) -> Page:
    """Look for words."""
    return visit.page("search.html", **_hits(visit))


@get("/search/hits", sync_to_thread=True)
def see_hits(visit: Here) -> Page:
    """Look for words while they are being typed."""
    return visit.part("regions/hits.html", **_hits(visit))


def _hits(visit: Visit) -> dict[str, Any]:
    words = visit.asked("q")[:WORDS_MOST].strip()
    hits = visit.desk.search(words, most=HITS_MOST) if words else ()
    return {"q": words, "hits": hits, "most": HITS_MOST}


VIEWS: Final = (search, see_hits)
