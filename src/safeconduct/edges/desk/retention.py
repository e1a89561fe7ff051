# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is destroyed when, as this desk finds it, and what keeps it for longer.

The act itself is `engine/destroying`; here people read and decide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.due import policy_of
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.retention_api import Dates, Going, Staying
from safeconduct.kernel.words import BlobId, ConversationId, Instant
from safeconduct.rooms.crew import Role
from safeconduct.rooms.crew.decide import NotASteward
from safeconduct.rooms.hotline import Conversation, retention_decide
from safeconduct.rooms.hotline.events import HotlineFact
from safeconduct.rooms.hotline.retention import ALL, FILES, Policy, Times
from safeconduct.rooms.hotline.retention_due import clock_of, due


class Retention:
    """The door to all of this, over an open journal."""

    def __init__(self, journal: Journal, need: Callable[[ConversationId], Conversation]) -> None:
        """Act for the device of this journal; `need` folds a conversation or refuses."""
        self._journal: Final = journal
        self._need: Final = need
        self._kept: Final = journal.lists.kept
        self._gone: Final = journal.lists.gone

    def policy(self) -> Policy:
        """Return the times as stewards set them."""
        return policy_of(self._journal)

    def set_times(self, times: Times) -> None:
        """Set them; raises NotASteward and the refusals of `retention_decide.set_times`."""
        self._steward()
        self._write(retention_decide.set_times(self.policy(), times))

    def coming(self, before: Instant, most: int) -> Sequence[Going]:
        """Return what goes before a time, the nearest first; nothing while no times hold."""
        times = _soon(self.policy(), self._now())
        if times is None:
            return ()
        return [
            Going(
                one.conversation,
                self._name(one.conversation),
                one.what == FILES,
                max(one.due, self.policy().begins or one.due),
                min(times.files, times.conversation) if one.what == FILES else times.conversation,
            )
            for one in self._kept.coming(times, before, most)
        ]

    def staying(self, most: int) -> Sequence[Staying]:
        """Return what is over and goes on no day."""
        return [
            Staying(one.conversation, self._name(one.conversation), one.why)
            for one in self._kept.standing(most)
        ]

    def gone(self, most: int) -> Sequence[Going]:
        """Return what this desk destroyed, the last first."""
        return [
            Going(one.conversation, self._name(one.conversation), one.what == FILES, *one[2:])
            for one in self._gone.all(most)
        ]

    def dates(self, conversation: Conversation) -> Dates:
        """Return when a conversation goes."""
        policy = self.policy()
        times, clock = _soon(policy, self._now()), clock_of(conversation)
        if clock.kept is not None or times is None:
            return Dates(clock.kept, None, None)
        least = policy.begins or Instant(0)
        every, files = (max(due(clock, times, what), least) for what in (ALL, FILES))
        return Dates(None, every, files if files < every else None)

    def file_went(self, blob: bytes) -> Instant | None:
        """Return when a file was destroyed here; None while it was not."""
        return self._gone.when_file_went(BlobId(blob))

    def extend(self, conversation: ConversationId, until: Instant, reason: str) -> None:
        """Have a conversation kept until a time, at least."""
        folded = self._need(conversation)
        self._write(retention_decide.extend(folded, until, reason, self._now()))

    def hold(self, conversation: ConversationId, reason: str) -> None:
        """Have it kept until a steward ends that; raises NotASteward, too."""
        self._steward()
        self._write(retention_decide.hold(self._need(conversation), reason))

    def end_hold(self, conversation: ConversationId, reason: str) -> None:
        """End the holds that stand, in a week; raises NotASteward, too."""
        self._steward()
        self._write(retention_decide.end_hold(self._need(conversation), reason))

    def _steward(self) -> None:
        if Role.STEWARD not in self._journal.roster.roles(self._journal.device):
            raise NotASteward

    def _name(self, conversation: ConversationId) -> str:
        return self._journal.lists.code_name(conversation)

    def _now(self) -> Instant:
        return self._journal.clock.now()

    def _write(self, event: HotlineFact) -> None:
        self._journal.write([post.fact(self._journal, event)])


def _soon(policy: Policy, now: Instant) -> Times | None:
    """Return the times that hold, or those that will first."""
    begins = policy.begins
    return None if begins is None else policy.at(max(now, begins))
