# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compares new messages with those that came before, some at a time, and makes their rows again.

What is not weighed yet stands in the queue as if it were like nothing else: nobody waits for this.
Memory holds a few days; each is restored from the tables when a message of it comes.
A message that arrived before many others has all of these weighed again, and the relay says when
each arrived: `Pace` keeps one that turns the times round from stopping the desk.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.store_facts import WEIGHED_TO
from safeconduct.edges.desk.store_log import NUMBER
from safeconduct.kernel.words import DAY, ConversationId
from safeconduct.rooms.hotline.likeness import Likeness, Seen, Weighed
from safeconduct.rooms.hotline.wording import pairs_of

AT_ONCE: Final = 100
MOST_AT_ONCE: Final = 5_000
COSTLY_FROM: Final = 1_000
"""So many that are weighed again at once are many."""
RESTS: Final = 9
"""After what was costly nothing is weighed for so many times as long."""
DAYS_IN_MEMORY: Final = 6
PAIRS_KEPT_DAYS: Final = 30
PAIR_BYTES: Final = 7
_NEXT: Final = (
    "SELECT no, conversation FROM entries INDEXED BY entries_received WHERE no >= ? "
    "AND kind = 'hotline.MessageReceived' AND conversation IS NOT NULL ORDER BY no LIMIT ?"
)
_OF_DAY: Final = (
    "SELECT at, message, pairs, others, band, kind, close FROM alike "
    "WHERE at >= ? AND at < ? AND pairs != x''"
)
_BEFORE: Final = "SELECT conversation, others, band, kind, close FROM alike WHERE message = ?"
_ANEW: Final = "UPDATE alike SET others = ?, band = ?, kind = ?, close = ? WHERE message = ?"
_OF_KIND: Final = (
    "SELECT message, conversation FROM alike WHERE kind = ? AND message > ? "
    "ORDER BY message LIMIT ?"
)


class Pace:
    """How many are weighed at once, and whether it is time; by what the last ones cost."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        """Begin with few; times are seconds of a clock that only goes on."""
        self._seconds: Final = seconds
        self._rests_until = self._began = seconds()
        self.at_once: int = AT_ONCE

    def begins(self) -> bool:
        """Begin to weigh some; False while what was costly is not long enough ago."""
        self._began = self._seconds()
        return self._began >= self._rests_until

    def ends(self, anew: int) -> None:
        """Hear how many were weighed, new ones and again."""
        self.at_once = min(max(AT_ONCE, anew // 4), MOST_AT_ONCE)
        if anew >= max(COSTLY_FROM, 2 * self.at_once):
            now = self._seconds()
            self._rests_until = now + RESTS * (now - self._began)


class Weigher:
    """Weighs what a journal holds; one at a time, under the store's lock."""

    def __init__(self, journal: Journal) -> None:
        """Weigh for this journal."""
        self._journal: Final = journal
        self._likeness = Likeness()
        self._pace: Final = Pace()

    def weigh_all(self, stopped: Callable[[], bool]) -> None:
        """Weigh all that is new, in slices between which others may work."""
        while not stopped() and self.weigh_some():
            pass

    def weigh_some(self) -> bool:
        """Weigh some more messages, or make some rows again; False when nothing is left."""
        journal, store = self._journal, self._journal.store
        start = store.setting(WEIGHED_TO, NUMBER) or 0
        if not store.rows(_NEXT, (start, 1)) and not store.rows("SELECT 1 FROM kinds_due LIMIT 1"):
            return False
        if not self._pace.begins():
            return False
        with store.lock:
            try:
                with store.transaction():
                    if not self._weigh_next():
                        self._make_rows_again()
            except BaseException:
                self._likeness = Likeness()  # It may hold what was not kept.
                raise
        journal.changed()
        return True

    def _weigh_next(self) -> bool:
        store = self._journal.store
        start = store.setting(WEIGHED_TO, NUMBER) or 0
        rows = store.rows(_NEXT, (start, self._pace.at_once))
        if not rows:
            return False
        if not start:
            self._likeness = Likeness()
        seen, of = self._messages({ConversationId(row[1]) for row in rows})
        self._restore({one.at // DAY for one in seen})
        anew = self._likeness.add(seen)
        self._likeness.forget_beyond(DAYS_IN_MEMORY)
        touched = self._keep(seen, of, anew)
        self._journal.lists.refresh(touched)
        store.put_setting(WEIGHED_TO, rows[-1][0] + 1)
        self._pace.ends(len(anew))
        return True

    def _messages(
        self, conversations: Iterable[ConversationId]
    ) -> tuple[list[Seen], Mapping[bytes, ConversationId]]:
        """Return each message once, with the least of what records tell where they differ."""
        found: dict[bytes, Seen] = {}
        of: dict[bytes, ConversationId] = {}
        for conversation, folded in self._journal.lists.conversations(conversations).items():
            for message in folded.messages if folded else ():
                seen = Seen(message.arrived, message.id, pairs_of(message.text))
                found[message.id] = min(seen, found.get(message.id, seen))
                of[message.id] = conversation
        return list(found.values()), of

    def _restore(self, days: set[int]) -> None:
        for day in sorted({near for one in days for near in (one - 1, one, one + 1)}):
            if not self._likeness.holds(day):
                rows = self._journal.store.rows(_OF_DAY, (day * DAY, (day + 1) * DAY))
                held = [
                    (Seen(at, message, _read(pairs)), Weighed(*rest))
                    for at, message, pairs, *rest in rows
                ]
                self._likeness.restore(day, held)

    def _keep(
        self,
        seen: Iterable[Seen],
        of: Mapping[bytes, ConversationId],
        anew: Mapping[bytes, Weighed],
    ) -> set[ConversationId]:
        """Write what was weighed; return the conversations whose rows it changes."""
        store, new = self._journal.store, {one.message: one for one in seen}
        touched = set(of.values())
        with store.transaction() as writer:
            for message, weighed in anew.items():
                one = new.get(message)
                if one is not None:
                    row = (message, of[message], one.at, _write(one.pairs), *weighed, one.long)
                    writer.execute("REPLACE INTO alike VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
                    continue
                for conversation, *before in store.rows(_BEFORE, (message,)):
                    if tuple(before) != weighed:
                        touched.add(ConversationId(conversation))
                        writer.execute(_ANEW, (*weighed, message))
            old = (self._journal.clock.now() // DAY - PAIRS_KEPT_DAYS) * DAY
            query = "UPDATE alike SET pairs = x'' WHERE at < ? AND at >= ? AND pairs != x''"
            writer.execute(query, (old, old - DAY))
        return touched

    def _make_rows_again(self) -> None:
        """Make some rows again of a kind of which something was marked, or is no longer."""
        store = self._journal.store
        for kind, after in store.rows("SELECT kind, after FROM kinds_due LIMIT 1"):
            rows = store.rows(_OF_KIND, (kind, after, AT_ONCE))
            self._journal.lists.refresh({ConversationId(row[1]) for row in rows})
            with store.transaction() as writer:
                if len(rows) < AT_ONCE:
                    writer.execute("DELETE FROM kinds_due WHERE kind = ?", (kind,))
                else:
                    place = (rows[-1][0], kind)
                    writer.execute("UPDATE kinds_due SET after = ? WHERE kind = ?", place)


def _write(pairs: tuple[int, ...]) -> bytes:
    return b"".join(pair.to_bytes(PAIR_BYTES, "big") for pair in pairs)


def _read(raw: bytes) -> tuple[int, ...]:
    starts = range(0, len(raw), PAIR_BYTES)
    return tuple(int.from_bytes(raw[at : at + PAIR_BYTES], "big") for at in starts)
