# SPDX-License-Identifier: AGPL-3.0-or-later
"""Those who say nearly the same, whose rows stand as one: a list, and one press to mark them."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.pages.conversation import found
from safeconduct.edges.desk.placing import placing
from safeconduct.edges.desk.queue_rows import Sieve
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.words import CONVERSATION_ID_BYTES, ConversationId
from safeconduct.rooms.hotline.crowd import beside_of, goes_along
from safeconduct.rooms.hotline.queue import Beside

PAGE_ROWS: Final = 40


@get("/hotline/{name:str}/alike", sync_to_thread=True)
def see_crowd(visit: Here, name: Named) -> Page:
    """Show all who say nearly the same as one of them."""
    return visit.page("crowd.html", **_crowd(visit, name))


@get("/hotline/{name:str}/alike/rows", sync_to_thread=True)
def see_crowd_rows(visit: Here, name: Named) -> Page:
    """Show the same page of them, again."""
    return visit.part("regions/crowd.html", **_crowd(visit, name))


@post("/hotline/{name:str}/alike/hostile", sync_to_thread=True)
def mark_crowd(visit: Here, name: Named) -> Page:
    """Mark those hostile that stood on the page; whoever came meanwhile was not seen."""
    crowd = _place(visit, name)["crowd"]
    typed = visit.form.get("seen").split()[:PAGE_ROWS]
    seen = [ConversationId(parse_id(one, CONVERSATION_ID_BYTES)) for one in typed]
    known = [one for one in seen if visit.desk.conversation(one) is not None]
    marked = visit.desk.triage.mark_crowd(crowd, known)
    said = (
        visit.say("Saved.")
        if marked
        else visit.say("Nothing was marked: these stand by themselves by now.")
    )
    return visit.onward("/hotline", said)


def _place(visit: Visit, name: str) -> dict[str, Any]:
    conversation = found(visit, name)
    crowd = placing(visit, conversation)["place"].crowd
    return {"conversation": conversation, "crowd": crowd}


def _crowd(visit: Visit, name: str) -> dict[str, Any]:
    context, start = _place(visit, name), visit.start()
    conversation, crowd = context["conversation"], context["crowd"]
    sieve, beside = Sieve(crowd=crowd), beside_of(crowd)
    inbox = visit.desk.inbox
    rows, total = inbox(show="all", start=start, most=PAGE_ROWS, sieve=sieve) if crowd else ([], 0)
    return {
        "conversation": conversation,
        "path": f"/hotline/{name}/alike",
        "rows": rows,
        "total": total,
        "start": start,
        "step": PAGE_ROWS,
        "all_at_once": goes_along(crowd, visit.desk.triage.weight(conversation)),
        "danger": Beside.DANGER in beside,
        "files": Beside.FILES in beside,
        "answers": Beside.ANSWERS in beside,
    }


VIEWS: Final = (see_crowd, see_crowd_rows, mark_crowd)
