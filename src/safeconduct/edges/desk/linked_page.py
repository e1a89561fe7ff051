# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages show of the conversations of a case, and of the cases of a conversation."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from safeconduct.edges.desk.forms import parse_id
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import CONVERSATION_ID_BYTES, ConversationId
from safeconduct.rooms.cases.link_facts import LINKS_MOST

if TYPE_CHECKING:
    from collections.abc import Collection

    from safeconduct.edges.desk.visit import Visit
    from safeconduct.kernel.words import CaseId, FactId
    from safeconduct.rooms.hotline import Conversation

CHOICES_MOST: Final = 30
"""So many of the newest cases are offered; others are named."""
LINKED_MOST: Final = 20
"""So many conversations of a case are shown, those that were linked last."""
LOOKED_MOST: Final = 1_000
"""So many are looked up."""


def linked(visit: Visit, case: CaseId) -> dict[str, Any]:
    """Return the conversations of a case that this desk has, each once, and how many are left.

    Of those that it has not nothing is said, nor counted.
    """
    links = reversed(visit.desk.cases.links.of_case(case)[-LOOKED_MOST:])
    found = (visit.desk.conversation(one.talk) for one in links)
    talks = {one.id: one for one in found if one is not None}
    newest = list(islice(talks.values(), LINKED_MOST))
    return {"talks": newest[::-1], "more_talks": len(talks) - len(newest)}


def cases_of(visit: Visit, conversation: Conversation) -> dict[str, Any]:
    """Return the cases of a conversation, and what may be done about them."""
    cases, out = visit.desk.cases, visit.people.out()
    writes = cases.may_write() and not out
    talks = {conversation.id, *(part.id for part in conversation.parts)}
    of_cases = cases.links.of_talks(talks)
    return {
        "of_cases": of_cases,
        "links_seen": {one.id: _facts(visit, one.id, talks) for one in of_cases},
        "opens_case": cases.may_open() and not out,
        "links_cases": writes,
        "linkable": cases.links.choices(CHOICES_MOST) if writes else [],
    }


def _facts(visit: Visit, case: CaseId, talks: Collection[ConversationId]) -> list[FactId]:
    """Return the facts that say that some conversations belong to a case."""
    links = (one for one in visit.desk.cases.links.of_case(case) if one.talk in talks)
    return [fact for one in links for fact in one.facts[:LINKS_MOST]]


def talk_of(visit: Visit) -> Conversation | None:
    """Return the conversation from which somebody begins a case, if it is here."""
    raw = parse_id(visit.asked("from") or visit.form.get("from"), CONVERSATION_ID_BYTES)
    return visit.desk.conversation(ConversationId(raw)) if raw else None


def begun(visit: Visit, case: CaseId) -> str:
    """Link a case that was opened with the conversation that led to it, and say what was done."""
    talk = talk_of(visit)
    try:
        if talk is not None:
            visit.desk.cases.links.link(case, talk.id)
    except SafeconductError:
        return visit.say(
            "The case file is open, but it could not be linked with the conversation. Link it on "
            "the conversation’s page; do not open another."
        )
    return visit.say("The case file is open. Tell its name only to those who need it.")
