# SPDX-License-Identifier: AGPL-3.0-or-later
"""Second looks: ask for one, give one, withdraw it.  None holds an answer up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.looks_api import ToAsk
from safeconduct.edges.desk.pages.conversation import back, found, shown
from safeconduct.edges.desk.placing import SPANS
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import (
    DEVICE_ID_BYTES,
    FACT_ID_BYTES,
    MINUTE,
    ConversationId,
    FactId,
    Instant,
)
from safeconduct.rooms.hotline.decide import NotAMember
from safeconduct.rooms.hotline.looks import VERDICTS


@get("/hotline/{name:str}/looks", sync_to_thread=True)
def see_looks(visit: Here, name: Named) -> Page:
    """Show what second looks stand, again."""
    return visit.part("regions/looks.html", **shown(visit, found(visit, name)))


@get("/today/looks", sync_to_thread=True)
def see_asked(visit: Here) -> Page:
    """Show on Today who asks for a second look, again."""
    return visit.part("regions/looks_today.html", **looks_of(visit))


@post("/hotline/{name:str}/look/ask", sync_to_thread=True)
def ask(visit: Here, name: Named) -> Page:
    """Ask for a second look."""

    def do(talk: ConversationId) -> None:
        spans = [span for span in SPANS if str(span) == visit.form.get("look_in")]
        by = Instant(visit.desk.now() + spans[0] * MINUTE) if spans else None
        question, draft = visit.form.get("question"), visit.form.get("with_draft") == "1"
        visit.desk.looks.ask(talk, ToAsk(question, _to(visit), draft, by))

    return _do(visit, name, do, visit.say("Asked. You can answer the person all the same."))


@post("/hotline/{name:str}/look/give", sync_to_thread=True)
def give(visit: Here, name: Named) -> Page:
    """Say what one found, or take the conversation over."""
    verdict = next((one for one in VERDICTS if one == visit.form.get("verdict")), None)
    if verdict is None:
        raise NotFoundException
    look, text = _look(visit), visit.form.get("look_text")
    said = visit.say("Saved.")
    return _do(visit, name, lambda talk: visit.desk.looks.give(talk, look, verdict, text), said)


@post("/hotline/{name:str}/look/withdraw", sync_to_thread=True)
def withdraw(visit: Here, name: Named) -> Page:
    """Say that it is needed no more, or was read."""
    look = _look(visit)
    return _do(visit, name, lambda talk: visit.desk.looks.withdraw(talk, look), visit.say("Saved."))


def looks_of(visit: Visit) -> dict[str, Any]:
    """Return what Today shows of second looks."""
    return {"for_us": visit.desk.looks.for_us(), "came_back": visit.desk.looks.answered()}


def _to(visit: Visit) -> bytes:
    """Return who is asked; nothing where it is anyone.

    Raises:
        NotAMember: what was sent names nobody.
    """
    typed = visit.form.get("look_to")
    named = parse_id(typed, DEVICE_ID_BYTES)
    if typed and not named:
        raise NotAMember
    return named


def _look(visit: Visit) -> FactId:
    return FactId(parse_id(visit.form.get("look"), FACT_ID_BYTES))


def _do(visit: Visit, name: str, act: Callable[[ConversationId], None], said: str) -> Page:
    conversation = found(visit, name)
    try:
        act(conversation.id)
    except Refused as error:
        context = shown(visit, conversation)
        context["typed"] |= visit.form.fields
        more = context | {"refused": "look"}
        return visit.refused(visit.why(error), "conversation.html", "look-refused", **more)
    return back(visit, name, said)


VIEWS: Final = (see_looks, see_asked, ask, give, withdraw)
