# SPDX-License-Identifier: AGPL-3.0-or-later
"""Joined conversations of a desk in memory: the room's fold and decisions over the twin's facts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from safeconduct.kernel.words import ConversationId, FactId
from safeconduct.rooms.crew.exports import are_apart
from safeconduct.rooms.hotline import Conversation, fold, joining_decide
from safeconduct.rooms.hotline.fold import began_of, fold_joined
from safeconduct.rooms.hotline.joining import Joining, Pair, answered, group
from safeconduct.rooms.hotline.joining_decide import AskWhoJoined
from safeconduct.rooms.hotline.line_decide import need_channel

if TYPE_CHECKING:
    from tests.kit.desk_twin import TwinDesk


def whole(desk: TwinDesk, where: ConversationId) -> Conversation:
    """A conversation with all that are joined with it."""
    apart, office = partial(are_apart, desk.roster()), desk.roster().office
    alone = {
        one: fold(one, desk._names[one], told, apart, office) for one, told in desk._told.items()
    }
    talks = {one: talk for one, talk in alone.items() if talk is not None}
    pairs = [
        Pair(one.conversation, one.earlier)
        for talk in talks.values()
        for one in talk.joinings
        if one.joined
    ]
    among = group(where, pairs, talks)
    if len(among) == 1:
        return talks[where]
    began = began_of(talks[one] for one in among)
    told = [item for one in sorted(among) for item in desk._told[one]]
    names = {one: desk._names[one] for one in among}
    folded = fold_joined(answered(began, pairs), names, told, apart, office)
    assert folded is not None
    return folded


class TwinJoining:
    """One desk's side."""

    def __init__(self, desk: TwinDesk) -> None:
        """Act for a desk."""
        self._desk = desk
        self._asked: set[FactId] = set()

    def newest(self) -> Sequence[tuple[ConversationId, str]]:
        """Who wrote last."""
        rows, _ = self._desk.inbox(show="all", start=0, most=30)
        return [(row.conversation, row.code_name) for row in rows]

    def named(self, typed: str) -> Sequence[ConversationId]:
        """Whose code name it is."""
        name = " ".join(typed.casefold().split())
        return [where for where, known in self._desk._names.items() if known == name]

    def join(self, conversation: ConversationId, earlier: ConversationId, reason: str) -> None:
        """Join them."""
        desk = self._desk
        found = desk._conversation(conversation), desk._conversation(earlier)
        desk._tell(found[0].id, joining_decide.join(*found, reason))

    def part(self, conversation: ConversationId, pair: Pair) -> None:
        """Take it back."""
        desk = self._desk
        fact = joining_decide.part(desk._conversation(conversation), pair)
        desk._tell(pair.conversation, fact)

    def unasked(self, conversation: Conversation) -> Sequence[Joining]:
        """What others joined."""
        return joining_decide.unasked(conversation, self._desk.device, self._asked)

    def say_asked(self, conversation: ConversationId) -> None:
        """Somebody here asked."""
        folded = self._desk._conversation(conversation)
        self._asked |= {fact for one in folded.standing_joinings for fact in one.facts}

    def check(self, talk: Conversation, *, way: bool) -> None:
        """Refuse an answer that its channel carries not, or before somebody asked."""
        need_channel(talk, way=way)
        if self.unasked(talk):
            raise AskWhoJoined
