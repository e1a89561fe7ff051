# SPDX-License-Identifier: AGPL-3.0-or-later
"""How urgent one conversation is, and when we must hear of the person: one form for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.moments import parse_moment
from safeconduct.edges.desk.pages.conversation import found, shown
from safeconduct.edges.desk.placing import SPANS, TYPED
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import FACT_ID_BYTES, MINUTE, ConversationId, FactId, Instant
from safeconduct.rooms.hotline.triage_decide import TimeNotAhead

Do = Callable[[ConversationId], None]


@get("/hotline/{name:str}/place", sync_to_thread=True)
def see_place(visit: Here, name: Named) -> Page:
    """Show where it stands and why, again."""
    return visit.part("regions/place.html", **shown(visit, found(visit, name)))


@post("/hotline/{name:str}/danger", sync_to_thread=True)
def judge(visit: Here, name: Named) -> Page:
    """Say how dangerous it is for the person now."""
    level = TYPED.get(visit.form.get("level"))
    if level is None:
        raise NotFoundException
    return _do(visit, name, "danger", lambda talk: visit.desk.triage.judge(talk, level))


@post("/hotline/{name:str}/deadline", sync_to_thread=True)
def set_deadline(visit: Here, name: Named) -> Page:
    """Say by when an answer or an act is needed, or take that away."""

    def do(talk: ConversationId) -> None:
        by = None if visit.form.get("none") else when(visit, "deadline")
        visit.desk.triage.deadline(talk, by, visit.form.get("deadline_reason"))

    return _do(visit, name, "deadline", do)


@post("/hotline/{name:str}/tags", sync_to_thread=True)
def set_tags(visit: Here, name: Named) -> Page:
    """Set its tags."""
    typed = visit.form.get("tags")
    return _do(visit, name, "tags", lambda talk: visit.desk.triage.tag(talk, typed))


@post("/hotline/{name:str}/snooze", sync_to_thread=True)
def snooze(visit: Here, name: Named) -> Page:
    """Let it sleep, or wake it."""

    def do(talk: ConversationId) -> None:
        visit.desk.triage.snooze(talk, None if visit.form.get("wake") else when(visit, "snooze"))

    return _do(visit, name, "snooze", do)


@post("/hotline/{name:str}/contact", sync_to_thread=True)
def set_contact(visit: Here, name: Named) -> Page:
    """Say by when we must hear of the person."""

    def do(talk: ConversationId) -> None:
        heard, reason = visit.form.get("heard") == "1", visit.form.get("contact_reason")
        visit.desk.triage.contact(talk, when(visit, "contact"), reason, heard=heard)

    return _do(visit, name, "contact", do)


@post("/hotline/{name:str}/lost", sync_to_thread=True)
def say_lost(visit: Here, name: Named) -> Page:
    """Say that the person cannot be reached."""
    reason = visit.form.get("lost_reason")
    return _do(visit, name, "lost", lambda talk: visit.desk.triage.lost(talk, reason))


@post("/hotline/{name:str}/lost/second", sync_to_thread=True)
def second_lost(visit: Here, name: Named) -> Page:
    """Say so too."""
    lost = FactId(parse_id(visit.form.get("lost"), FACT_ID_BYTES))
    return _do(visit, name, "lost", lambda talk: visit.desk.triage.second(talk, lost))


@post("/hotline/{name:str}/close", sync_to_thread=True)
def close(visit: Here, name: Named) -> Page:
    """Say that nothing is left to do."""
    reason = visit.form.get("close_reason")
    return _do(visit, name, "close", lambda talk: visit.desk.triage.close(talk, reason))


def when(visit: Visit, name: str) -> Instant:
    """Return the time that a form gives: an exact one, or a stretch from now.

    Raises:
        TimeNotAhead: it gives none.
    """
    if typed := visit.form.get(f"{name}_at"):
        at = parse_moment(typed, visit.front.zone)
    else:
        chosen = [span for span in SPANS if str(span) == visit.form.get(f"{name}_in")]
        at = Instant(visit.desk.now() + chosen[0] * MINUTE) if chosen else None
    if at is None:
        raise TimeNotAhead
    return at


def _do(visit: Visit, name: str, what: str, act: Do) -> Page:
    conversation = found(visit, name)
    try:
        act(conversation.id)
    except Refused as error:
        context: dict[str, Any] = shown(visit, conversation)
        context["typed"] |= visit.form.fields
        return visit.refused(
            visit.why(error),
            "conversation.html",
            into=f"{what}-refused",
            **(context | {"refused": what}),
        )
    return visit.onward(f"/hotline/{name}#placing", visit.say("Saved."))


VIEWS: Final = (
    *(see_place, judge, set_deadline, set_tags, snooze),
    *(set_contact, say_lost, second_lost, close),
)
