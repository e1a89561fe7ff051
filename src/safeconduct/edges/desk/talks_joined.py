# SPDX-License-Identifier: AGPL-3.0-or-later
"""Joins conversations of one person at this desk, and asks before answers go another way.

That somebody here asked who joined them is kept sealed on this device alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.canon import Codec
from safeconduct.kernel.words import ConversationId, DeviceId, FactId
from safeconduct.rooms.hotline import Conversation, joining, joining_decide
from safeconduct.rooms.hotline.events import HotlineFact

NEWEST: Final = 30
_ASKED: Final[Codec[tuple[bytes, ...]]] = Codec(tuple[bytes, ...], "asked")
_NEWEST: Final = "SELECT id, code_name FROM conversations ORDER BY last_at DESC, id LIMIT ?"


class Joining:
    """What a helper here joins and takes back."""

    def __init__(self, journal: Journal, need: Callable[[ConversationId], Conversation]) -> None:
        """Act for the device of this journal; `need` folds a conversation or refuses."""
        self._journal: Final = journal
        self._need: Final = need

    def newest(self) -> Sequence[tuple[ConversationId, str]]:
        """Return the conversations in which somebody wrote last, by their code names."""
        rows = self._journal.store.rows(_NEWEST, (NEWEST,))
        return [(ConversationId(row[0]), str(row[1])) for row in rows]

    def named(self, typed: str) -> Sequence[ConversationId]:
        """Return the conversations of a code name, as it may be typed."""
        return self._journal.lists.joined.named(typed)

    def join(self, conversation: ConversationId, earlier: ConversationId, reason: str) -> None:
        """Say that an earlier conversation is the same person's, whose words are lost."""
        with self._journal.store.lock:
            found = self._need(conversation), self._need(earlier)
            self._write(joining_decide.join(*found, reason))

    def part(self, conversation: ConversationId, pair: joining.Pair) -> None:
        """Take back that two conversations are one person's."""
        with self._journal.store.lock:
            self._write(joining_decide.part(self._need(conversation), pair))

    def unasked(self, conversation: Conversation) -> Sequence[joining.Joining]:
        """Return what others joined that nobody here has said yes to."""
        return unasked(self._journal.store, self._journal.device, conversation)

    def say_asked(self, conversation: ConversationId) -> None:
        """Keep, on this device alone, that somebody here asked who joined it."""
        folded = self._need(conversation)
        facts = {fact for one in folded.standing_joinings for fact in one.facts}
        self._journal.store.put_setting(_name(folded.id), tuple(sorted(facts)))

    def _write(self, event: HotlineFact) -> None:
        self._journal.write([post.fact(self._journal, event)])


def unasked(store: Store, own: DeviceId, conversation: Conversation) -> Sequence[joining.Joining]:
    """Return what others joined that nobody at this desk has said yes to."""
    if not conversation.parts:
        return ()
    asked = store.setting(_name(conversation.id), _ASKED) or ()
    return joining_decide.unasked(conversation, own, tuple(map(FactId, asked)))


def _name(conversation: ConversationId) -> str:
    return f"joined:{conversation.hex()}"
