# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages say at once to everybody: written by one, approved by a steward who is another."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.first_words_words import own
from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.visit import Here, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.languages import LANGUAGES
from safeconduct.kernel.words import FACT_ID_BYTES, FactId
from safeconduct.rooms.hotline.first_words_decide import NotLookedAt

SPANS: Final = (30, 90, 180)
"""Days for which an approval counts."""


@get("/first-words", sync_to_thread=True)
def see_first_words(visit: Here) -> Page:
    """Show what people are shown, what waits, and the form of new ones."""
    return visit.page("first_words.html", **_shown(visit))


@post("/first-words/write", sync_to_thread=True)
def write(visit: Here) -> Page:
    """Save them, to be approved."""
    typed = {language: visit.form.get(f"text-{language}") for language in LANGUAGES}
    try:
        visit.desk.first_words.write(typed)
    except Refused as error:
        return _refused(visit, error, "write", typed)
    said = visit.say("Saved. People are shown it once another steward has approved it.")
    return visit.onward("/first-words", said)


@post("/first-words/approve", sync_to_thread=True)
def approve(visit: Here) -> Page:
    """Let pages show a version, as somebody else than its writer."""
    days = [span for span in SPANS if str(span) == visit.form.get("days")]
    if not days:
        raise NotFoundException
    try:
        if visit.form.get("looked") != "1":
            raise NotLookedAt
        version = FactId(parse_id(visit.form.get("version"), FACT_ID_BYTES))
        visit.desk.first_words.approve(version, days[0])
    except Refused as error:
        return _refused(visit, error, "approve")
    said = visit.say("Approved. Pages show it as soon as a steward’s desk has brought it out.")
    return visit.onward("/first-words", said)


@post("/first-words/withdraw", sync_to_thread=True)
def withdraw(visit: Here) -> Page:
    """Take them back in every version."""
    try:
        visit.desk.first_words.withdraw(visit.form.get("reason"))
    except Refused as error:
        return _refused(visit, error, "withdraw")
    said = visit.say("Taken back. Pages say again what they say by themselves.")
    return visit.onward("/first-words", said)


def _shown(visit: Visit) -> dict[str, Any]:
    book, now = visit.desk.first_words, visit.desk.now()
    standing = book.standing()
    shown = book.shown()
    newest = standing[0].by_language if standing else {}
    return {
        "standing": [(one, one.until(now), book.may_approve(one.by)) for one in standing],
        "shown": shown.id if shown else None,
        "own": {language: own(language) for language in LANGUAGES},
        "tongues": LANGUAGES,
        "typed": newest,
        "spans": SPANS,
        "refused": "",
    }


def _refused(visit: Visit, error: Refused, what: str, typed: dict[str, str] | None = None) -> Page:
    context = _shown(visit) | {"refused": what}
    if typed is not None:
        context["typed"] = typed
    return visit.refused(visit.why(error), "first_words.html", into=f"{what}-refused", **context)


VIEWS: Final = (see_first_words, write, approve, withdraw)
