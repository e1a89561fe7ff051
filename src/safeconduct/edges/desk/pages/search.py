# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search in everything that was written, on this device alone, and searches that come again."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from litestar import get, post

from safeconduct.edges.desk.rows_api import COUNTED_MOST
from safeconduct.edges.desk.saved_searches import SearchNameTaken
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.kernel.errors import SafeconductError

WORDS_MOST: Final = 200
HITS_MOST: Final = 50


@get("/search", sync_to_thread=True)
def search(visit: Here) -> Page:
    """Look for words."""
    return visit.page("search.html", **_hits(visit, visit.asked("q")))


@get("/search/hits", sync_to_thread=True)
def see_hits(visit: Here) -> Page:
    """Look for words while they are being typed."""
    return visit.part("regions/hits.html", **_hits(visit, visit.asked("q")))


@post("/search/saved", sync_to_thread=True)
def save_search(visit: Here) -> Page:
    """Save the words that somebody looked for, under a name."""
    name, words = visit.form.get("name"), visit.form.get("q")
    try:
        visit.desk.saved_searches.save(name, words, anew=bool(visit.form.get("anew")))
    except SafeconductError as error:
        context = _hits(visit, words) | {"typed": name}
        context["taken"] = isinstance(error, SearchNameTaken)
        return visit.refused(visit.why(error), "search.html", into="saving-refused", **context)
    said = visit.say("Saved on this computer alone.")
    return visit.onward(f"/search?{urlencode({'q': words})}", said)


@post("/search/dropped", sync_to_thread=True)
def drop_search(visit: Here) -> Page:
    """Save a search no more."""
    visit.desk.saved_searches.drop(visit.form.get("name"))
    return visit.onward("/search", visit.say("This search is not saved any more."))


def _hits(visit: Visit, asked: str) -> dict[str, Any]:
    words = asked[:WORDS_MOST].strip()
    if words:
        visit.desk.audit.searched(words)
    found = visit.desk.finder.found(words, HITS_MOST)
    return {
        "q": words,
        "found": found,
        "counted_most": COUNTED_MOST,
        "saved": visit.desk.saved_searches.all(),
        "typed": "",
        "taken": False,
    }


VIEWS: Final = (search, see_hits, save_search, drop_search)
