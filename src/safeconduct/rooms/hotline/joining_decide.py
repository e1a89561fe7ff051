# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a helper may join, and take back: state and command to facts, or a refusal."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.hotline.joining import ConversationsJoined, Joining, Pair
from safeconduct.rooms.hotline.triage_decide import say_why

if TYPE_CHECKING:
    from safeconduct.kernel.words import DeviceId, FactId
    from safeconduct.rooms.hotline.words import Conversation


class JoinedAlready(Refused):
    """They are one conversation already, or it is this one itself."""

    code = "joined_already"


class EarlierBeganLater(Refused):
    """The other one began later: answers would go to words that are lost."""

    code = "earlier_began_later"


class HasNoBox(Refused):
    """The person of this one has no words of ours: it is joined from the other one's page."""

    code = "has_no_box"


class NobodyOfThisName(Refused):
    """No conversation here has that code name."""

    code = "nobody_of_this_name"


class SeveralOfThisName(Refused):
    """More than one conversation has that code name."""

    code = "several_of_this_name"


class NotJoined(Refused):
    """Nothing joins these two any more."""

    code = "not_joined"


class AskWhoJoined(Refused):
    """Somebody else joined this with another conversation, and nobody here asked them yet."""

    code = "ask_who_joined"


def join(conversation: Conversation, earlier: Conversation, reason: str) -> ConversationsJoined:
    """Say that an earlier conversation is the same person's, whose words are lost.

    What a helper typed in of somebody without words may have begun later: no words replace none.

    Raises:
        JoinedAlready, HasNoBox, EarlierBeganLater, WhyMissing, WhyTooLong: see there.
    """
    if conversation.id == earlier.id:
        raise JoinedAlready
    if earlier.mailboxes and not conversation.mailboxes:
        raise HasNoBox
    both = bool(earlier.mailboxes) == bool(conversation.mailboxes)
    if both and (earlier.began, earlier.id) > (conversation.began, conversation.id):
        raise EarlierBeganLater
    say_why(reason)
    pair = Pair(conversation.id, earlier.id)
    stood = tuple(fact for one in _between(conversation, pair) for fact in one.facts)
    return ConversationsJoined(*pair, 1, reason.strip(), stood)


def part(conversation: Conversation, pair: Pair) -> ConversationsJoined:
    """Take back that two conversations are one person's; whoever is in doubt needs no reason.

    Raises:
        NotJoined: see there.
    """
    standing = [one for one in _between(conversation, pair) if one.joined]
    if not standing:
        raise NotJoined
    return ConversationsJoined(*pair, 0, "", standing[0].facts)


def unasked(
    conversation: Conversation, own: DeviceId, asked: Collection[FactId]
) -> tuple[Joining, ...]:
    """Return what others joined that nobody here has said yes to: `asked` are those facts."""
    return tuple(
        one
        for one in conversation.standing_joinings
        if one.by != own and not set(one.facts) <= set(asked)
    )


def _between(conversation: Conversation, pair: Pair) -> list[Joining]:
    return [one for one in conversation.joinings if (one.conversation, one.earlier) == pair]
