# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody may say of the conversations of a case: to a fact, or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.cases.link_facts import (
    LINKS_MOST,
    ConversationLinked,
    ConversationUnlinked,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from safeconduct.kernel.words import CaseId, ConversationId, FactId
    from safeconduct.rooms.cases.links import Link


class LinkedAlready(Refused):
    """The conversation belongs to this case already."""

    code = "linked_already"


class NotLinked(Refused):
    """The conversation does not belong to this case."""

    code = "not_linked"


class LinkedMeanwhile(Refused):
    """A colleague linked the conversation with this case since the form was opened."""

    code = "linked_meanwhile"


class NoCaseChosen(Refused):
    """Nothing that can be read here was chosen or named."""

    code = "no_case_chosen"


def link(case: CaseId, links: Sequence[Link], talk: ConversationId) -> ConversationLinked:
    """Say that a conversation belongs to a case.

    Raises:
        LinkedAlready: see there.
    """
    if any(one.talk == talk for one in links):
        raise LinkedAlready
    return ConversationLinked(case, talk)


def unlink(
    case: CaseId, links: Sequence[Link], talk: ConversationId, saw: Collection[FactId]
) -> ConversationUnlinked:
    """Take back that a conversation belongs to a case, over the facts that somebody was shown.

    Raises:
        NotLinked, LinkedMeanwhile: see there.
    """
    found = next((one for one in links if one.talk == talk), None)
    if found is None:
        raise NotLinked
    over = found.facts[:LINKS_MOST]
    if not set(over) <= set(saw):
        raise LinkedMeanwhile
    return ConversationUnlinked(case, talk, over)
