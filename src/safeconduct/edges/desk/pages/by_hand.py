# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contacts that came by another way, typed in; and what the person was told by another way."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.status_codes import HTTP_204_NO_CONTENT

from safeconduct.edges.desk.by_hand import MESSAGE_BYTES
from safeconduct.edges.desk.by_hand_words import parse_begun
from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.moments import parse_moment
from safeconduct.edges.desk.pages.conversation import back, found, next_contact, shown
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import ConversationId
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.by_hand import WAYS
from safeconduct.rooms.hotline.by_hand_decide import Typed
from safeconduct.rooms.hotline.first_contact import PARTS_OF_DAY, asked_by_form

TEMPLATE: Final = "by_hand.html"


@get("/hotline/by-hand", sync_to_thread=True)
def see_new(visit: Here) -> Page:
    """Show the form for somebody new, with what was begun in it."""
    return visit.page(TEMPLATE, **form_of(visit, None, begun(visit, None)))


@get("/hotline/{name:str}/by-hand", sync_to_thread=True)
def see_further(visit: Here, name: Named) -> Page:
    """Show the form for a further contact of somebody whom we know."""
    conversation = found(visit, name)
    return visit.page(TEMPLATE, **form_of(visit, conversation, begun(visit, conversation)))


@post("/hotline/by-hand/save", sync_to_thread=True)
def note_new(visit: Here) -> Page:
    """Begin a conversation."""
    return _note(visit, None)


@post("/hotline/{name:str}/by-hand/save", sync_to_thread=True)
def note_further(visit: Here, name: Named) -> Page:
    """Append to a conversation."""
    return _note(visit, found(visit, name))


@post("/hotline/by-hand/draft", sync_to_thread=True, status_code=HTTP_204_NO_CONTENT)
def keep_new(visit: Here) -> None:
    """Keep what is being typed."""
    keep(visit, None)


@post("/hotline/{name:str}/by-hand/draft", sync_to_thread=True, status_code=HTTP_204_NO_CONTENT)
def keep_further(visit: Here, name: Named) -> None:
    """Keep what is being typed."""
    keep(visit, found(visit, name))


@post("/hotline/by-hand/drop", sync_to_thread=True)
def drop_new(visit: Here) -> Page:
    """Throw away what was begun."""
    visit.desk.by_hand.keep_draft(None, b"", "")
    return visit.onward("/hotline", visit.say("Thrown away."))


@post("/hotline/{name:str}/by-hand/drop", sync_to_thread=True)
def drop_further(visit: Here, name: Named) -> Page:
    """Throw away what was begun."""
    visit.desk.by_hand.keep_draft(found(visit, name).id, b"", "")
    return back(visit, name, visit.say("Thrown away."))


@post("/hotline/{name:str}/told", sync_to_thread=True)
def tell(visit: Here, name: Named) -> Page:
    """Note what the person was told by another way."""
    conversation = found(visit, name)
    typed = visit.form.get("told_at")
    at = parse_moment(typed, visit.front.zone) if typed else None
    text, due = visit.form.get("text"), next_contact(visit)
    try:
        visit.desk.by_hand.tell(conversation.id, text, at, due)
    except Refused as error:
        context = shown(visit, conversation)
        context["typed"] |= {"answer": text, "told_at": typed}
        more = context | {"refused": "answer"}
        return visit.refused(visit.why(error), "conversation.html", "answer-refused", **more)
    return back(visit, name, visit.say("Noted. Nothing was sent."))


def note(visit: Visit, where: ConversationId | None) -> ConversationId:
    """Note the contact that was typed in, of a conversation or of a new one."""
    told = visit.form.get("told")
    return visit.desk.by_hand.note(where, _message(visit), _typed(visit), told)


def begun(visit: Visit, conversation: Conversation | None) -> dict[str, str]:
    """Return the fields of the form that was begun."""
    return parse_begun(visit.desk.by_hand.draft(conversation.id if conversation else None))


def form_of(
    visit: Visit, conversation: Conversation | None, typed: dict[str, str]
) -> dict[str, Any]:
    """Return what the form shows."""
    path = f"/hotline/{conversation.id.hex()}" if conversation else "/hotline"
    where = conversation.id if conversation else None
    message = typed.get("message") or visit.desk.by_hand.fresh().hex()
    return {
        "conversation": conversation,
        "path": f"{path}/by-hand",
        "up": path,
        "ways": WAYS,
        "parts_of_day": PARTS_OF_DAY,
        "typed": typed,
        "message": message,
        "begun": visit.desk.by_hand.draft(where),
        "beside": False,
    }


def _note(visit: Visit, conversation: Conversation | None) -> Page:
    try:
        noted = note(visit, conversation.id if conversation else None)
    except Refused as error:
        shown_again = form_of(visit, conversation, dict(visit.form.fields))
        return visit.refused(visit.why(error), TEMPLATE, "by-hand-refused", **shown_again)
    return visit.onward(f"/hotline/{noted.hex()}#placing", visit.say("The contact is noted."))


def _typed(visit: Visit) -> Typed:
    given = {name: visit.form.get(name) for name in visit.form.fields}
    at = parse_moment(given.get("happened", ""), visit.front.zone)
    return Typed(
        way=next((way for way in WAYS if way == given.get("way")), WAYS[-1]),
        happened=visit.desk.now() if at is None else at,
        text=given.get("text", ""),
        language=given.get("language", ""),
        languages=given.get("languages", ""),
        speaker=given.get("speaker", ""),
        beside=asked_by_form(given),
    )


def keep(visit: Visit, conversation: Conversation | None) -> None:
    """Keep what is being typed."""
    text = visit.form.get("text")
    fields = parse_begun(text)
    message = parse_id(fields.get("message", ""), MESSAGE_BYTES)
    where = conversation.id if conversation else None
    visit.desk.by_hand.keep_draft(where, message, text if fields else "")


def _message(visit: Visit) -> bytes:
    message = parse_id(visit.form.get("message"), MESSAGE_BYTES)
    if not message:
        raise NotFoundException
    return message


VIEWS: Final = (
    *(see_new, see_further, note_new, note_further, keep_new, keep_further),
    *(drop_new, drop_further, tell),
)
