# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conversations of cases: say on a conversation's page that it belongs to one, and take it back."""

from __future__ import annotations

from typing import Final

from litestar import post

from safeconduct.edges.desk.forms import facts_in, parse_id
from safeconduct.edges.desk.pages.cases import CASE_ID_BYTES
from safeconduct.edges.desk.pages.conversation import back, found, shown
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import CaseId
from safeconduct.rooms.cases.links_decide import NoCaseChosen, NotLinked
from safeconduct.rooms.hotline import Conversation

SAW_MOST: Final = 1_024
"""Facts of all conversations that are joined here, 64 of each at most."""


@post("/hotline/{name:str}/case/linked", sync_to_thread=True)
def link(visit: Here, name: Named) -> Page:
    """Say that a conversation belongs to a case that is held here."""
    conversation = found(visit, name)
    try:
        visit.desk.cases.links.link(_chosen(visit), conversation.id)
    except SafeconductError as error:
        return _refused(visit, conversation, error)
    said = visit.say("Saved. Whoever reads the case’s part Contact sees it.")
    return back(visit, name, said)


@post("/hotline/{name:str}/case/unlinked", sync_to_thread=True)
def unlink(visit: Here, name: Named) -> Page:
    """Take that back, of each conversation that is joined here."""
    conversation, links = found(visit, name), visit.desk.cases.links
    case = CaseId(parse_id(visit.form.get("case"), CASE_ID_BYTES))
    saw = facts_in(visit.form.get("saw"), SAW_MOST)
    own = {conversation.id, *(part.id for part in conversation.parts)}
    try:
        talks = [one.talk for one in links.of_case(case) if one.talk in own]
        if not talks:
            raise NotLinked
        for talk in talks:
            links.unlink(case, talk, saw)
    except SafeconductError as error:
        return _refused(visit, conversation, error)
    return back(visit, name, visit.say("Taken back. What was written stays as it is."))


def _chosen(visit: Visit) -> CaseId:
    """Return which was chosen, or whose name was typed.

    Raises:
        NoCaseChosen: see there; what is held elsewhere is answered like what never was.
    """
    links = visit.desk.cases.links
    if raw := parse_id(visit.form.get("case"), CASE_ID_BYTES):
        return CaseId(raw)
    named = links.named(visit.form.get("case_name"))
    if len(named) != 1:
        raise NoCaseChosen
    return named[0]


def _refused(visit: Visit, conversation: Conversation, error: SafeconductError) -> Page:
    context = shown(visit, conversation) | {"refused": "linked"}
    context["typed"] |= {name: visit.form.get(name) for name in ("case", "case_name")}
    return visit.refused(visit.why(error), "conversation.html", into="linked-refused", **context)


VIEWS: Final = (link, unlink)
