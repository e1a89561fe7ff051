# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations of one person: join them, take that back, and ask who joined them."""

from __future__ import annotations

from typing import Final

from litestar import get, post
from litestar.exceptions import NotFoundException

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.pages.conversation import back, found, shown
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import CONVERSATION_ID_BYTES, ConversationId
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.joining import Pair
from safeconduct.rooms.hotline.joining_decide import NobodyOfThisName, SeveralOfThisName


@get("/hotline/{name:str}/joined", sync_to_thread=True)
def see_joined(visit: Here, name: Named) -> Page:
    """Show what is joined, again."""
    return visit.part("regions/joined.html", **shown(visit, found(visit, name)))


@post("/hotline/{name:str}/join", sync_to_thread=True)
def join(visit: Here, name: Named) -> Page:
    """Say that an earlier conversation is the same person's."""
    conversation = found(visit, name)
    try:
        earlier, reason = _earlier(visit), visit.form.get("join_reason")
        visit.desk.joining.join(conversation.id, earlier, reason)
    except Refused as error:
        return _refused(visit, conversation, error)
    return back(visit, name, visit.say("Joined. Answers go to this one alone."))


@post("/hotline/{name:str}/part", sync_to_thread=True)
def part(visit: Here, name: Named) -> Page:
    """Take back that they are one person's."""
    conversation = found(visit, name)
    pair = Pair(_id(visit, "conversation"), _id(visit, "earlier"))
    try:
        visit.desk.joining.part(conversation.id, pair)
    except Refused as error:
        return _refused(visit, conversation, error)
    return back(visit, name, visit.say("Taken back. Both are as they were before."))


@post("/hotline/{name:str}/asked", sync_to_thread=True)
def say_asked(visit: Here, name: Named) -> Page:
    """Keep that somebody here asked who joined it."""
    visit.desk.joining.say_asked(found(visit, name).id)
    return back(visit, name)


@post("/hotline/{name:str}/begun/drop", sync_to_thread=True)
def drop_begun(visit: Here, name: Named) -> Page:
    """Throw away what was begun for an earlier conversation."""
    conversation, earlier = found(visit, name), _id(visit, "earlier")
    if earlier in {one.id for one in conversation.earlier}:
        for kind in visit.desk.drafts(earlier)._fields:
            visit.desk.keep_draft(earlier, kind, "")
    return back(visit, name)


def _earlier(visit: Visit) -> ConversationId:
    """Return which was chosen, or whose code name was typed.

    Raises:
        NobodyOfThisName, SeveralOfThisName: see there.
    """
    if chosen := visit.form.get("join_chosen").strip():
        return found(visit, chosen).id
    names = visit.desk.joining.named(visit.form.get("join_name"))
    if not names:
        raise NobodyOfThisName
    if len(names) > 1:
        raise SeveralOfThisName
    return names[0]


def _id(visit: Visit, name: str) -> ConversationId:
    raw = parse_id(visit.form.get(name), CONVERSATION_ID_BYTES)
    if not raw:
        raise NotFoundException
    return ConversationId(raw)


def _refused(visit: Visit, conversation: Conversation, error: Refused) -> Page:
    context = shown(visit, conversation)
    context["typed"] |= visit.form.fields
    more = context | {"refused": "join"}
    return visit.refused(visit.why(error), "conversation.html", into="join-refused", **more)


VIEWS: Final = (see_joined, join, part, say_asked, drop_begun)
