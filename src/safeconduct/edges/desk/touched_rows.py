# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which bulletins touch which conversations: rows made from folds, like those of lists.

A conversation is matched when its row is made, so a commit costs what it touches.  A bulletin that
was told, changed or ended costs one pass over the texts that this desk holds, and a fold of those
conversations alone in which something was found or was found before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from safeconduct.edges.desk.row_values import Folded
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.store_facts import BULLETINS, COUNTS
from safeconduct.edges.desk.store_log import NUMBER
from safeconduct.kernel.words import ConversationId, DeviceId, fact_id, instant_of
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.bulletin_facts import BulletinFact
from safeconduct.rooms.hotline.bulletin_fold import BulletinTold, fold_bulletin
from safeconduct.rooms.hotline.bulletin_match import WITH_TEXTS, Matcher, plain
from safeconduct.rooms.hotline.bulletins import CLOSE, Bulletin, BulletinId, Found, Touch
from safeconduct.rooms.hotline.events import HotlineFact

AT_ONCE: Final = 1_000
_KINDS: Final = tuple(f"hotline.{fact.__name__}" for fact in WITH_TEXTS)
_BULLETINS: Final = (
    "kind >= 'hotline.Bulletin' AND kind < 'hotline.Bulletio' AND conversation IS NOT NULL"
)
_TOLD: Final = (
    "SELECT c.id, e.slot, c.device, c.hlc, e.kind, e.version, e.body "  # noqa: S608
    "FROM entries e INDEXED BY entries_bulletins "
    f'JOIN commits c ON c.no = e."commit" WHERE {_BULLETINS} AND c.state = {COUNTS}'
)
_HEARD: Final = (
    "SELECT DISTINCT conversation FROM entries INDEXED BY entries_bulletins "  # noqa: S608
    f"WHERE conversation IN ({{names}}) AND {_BULLETINS}"
)
_SHOWN: Final = (
    "SELECT conversation, bulletin, found, told FROM touched WHERE conversation IN ({names})"
)
_ANY: Final = f"SELECT 1 FROM entries INDEXED BY entries_bulletins WHERE {_BULLETINS} LIMIT 1"  # noqa: S608
_TEXTS: Final = (
    "SELECT e.no, e.conversation, e.kind, e.version, e.body FROM entries e "  # noqa: S608
    f'JOIN commits c ON c.no = e."commit" WHERE e.no > ? AND c.state = {COUNTS} '
    f"AND e.conversation IS NOT NULL AND e.kind IN ({', '.join('?' * len(WITH_TEXTS))}) "
    "ORDER BY e.no LIMIT ?"
)


class _Read(NamedTuple):
    stamp: int
    all: Mapping[BulletinId, Bulletin]
    running: Mapping[BulletinId, Matcher]


class TouchedRows:
    """Bulletins and whom they touch, in one store."""

    def __init__(self, store: Store) -> None:
        """Look at a store's rows."""
        self._store: Final = store
        self._read: _Read | None = None
        self.looked: Callable[[ConversationId], object] = lambda _: None
        """Called with each conversation that is matched, for whoever counts the work."""

    def bulletins(self) -> Mapping[BulletinId, Bulletin]:
        """Return every bulletin, those that ended too."""
        return self._now().all

    def heard(self, names: Iterable[ConversationId]) -> list[BulletinId]:
        """Return which of what a commit touched are bulletins; they are read anew from here on."""
        every, known = [BulletinId(name) for name in names], self._now().all
        told = {name for (name,) in self._store.rows_of(_HEARD, every)}
        found = [name for name in every if name in known or name in told]
        if found:
            self._read = None
            stamp = self._store.setting(BULLETINS, NUMBER) or 0
            self._store.put_setting(BULLETINS, stamp + 1)
        return found

    def anew(self) -> list[BulletinId]:
        """Return every bulletin, read anew: some may have come without being heard."""
        if self._store.value(_ANY) is None:
            return []
        return self.heard([ConversationId(name) for name in self._fold()])

    def of(self, conversation: Conversation) -> tuple[Touch, ...]:
        """Return the bulletins that touch a conversation, those that press most first."""
        return self._of(conversation, self._now().running)

    def _of(
        self, conversation: Conversation, running: Mapping[BulletinId, Matcher]
    ) -> tuple[Touch, ...]:
        if not running:
            return ()
        self.looked(conversation.id)
        found = (matcher.touch(conversation) for matcher in running.values())
        return _ordered(touch for touch in found if touch is not None)

    def shown(self, names: Iterable[ConversationId]) -> dict[ConversationId, tuple[Touch, ...]]:
        """Return the same as the rows of conversations say it."""
        running = self._now().running
        found: dict[ConversationId, list[Touch]] = {name: [] for name in names}
        for name, bulletin, how, told in self._store.rows_of(_SHOWN, found) if running else ():
            if bulletin in running:
                one = running[bulletin].bulletin
                touch = Touch(one.id, one.title, Found(how), one.by, one.until, bool(told))
                found[name].append(touch)
        return {name: _ordered(touches) for name, touches in found.items()}

    def close(self) -> Mapping[ConversationId, list[Bulletin]]:
        """Return the bulletins that run and touch somebody and not a whole region, by whom."""
        running = self._now().running
        found: dict[ConversationId, list[Bulletin]] = {}
        query = "SELECT conversation, bulletin, found FROM touched ORDER BY bulletin"
        for talk, name, how in self._store.rows(query) if running else ():
            if name in running and Found(how) in CLOSE:
                bulletin = running[BulletinId(name)].bulletin
                found.setdefault(ConversationId(talk), []).append(bulletin)
        return found

    def keep(self, folded: Folded) -> dict[ConversationId, tuple[Touch, ...]]:
        """Write which bulletins touch conversations, and return it."""
        running = self._now().running
        touches = {
            name: () if one is None else self._of(one, running) for name, one in folded.items()
        }
        rows = [
            (name, one.bulletin, one.found.value, one.told)
            for name, found in touches.items()
            for one in found
        ]
        names = [(name,) for name in folded]
        with self._store.transaction() as writer:
            writer.executemany("DELETE FROM touched WHERE conversation = ?", names)
            writer.executemany("INSERT INTO touched VALUES (?, ?, ?, ?)", rows)
        return touches

    def counts(self, bulletin: BulletinId) -> tuple[int, int]:
        """Return how many conversations it touches, and how many of them were written to since."""
        query = "SELECT count(*), total(told) FROM touched WHERE bulletin = ?"
        ((touched, told),) = self._store.rows(query, (bulletin,))
        return int(touched), int(told)

    def around(self, bulletin: BulletinId) -> set[ConversationId]:
        """Return whose rows a changed bulletin may change: those it touched, and those it may."""
        query = "SELECT conversation FROM touched WHERE bulletin = ?"
        names = {row[0] for row in self._store.rows(query, (bulletin,))}
        matcher = self._now().running.get(bulletin)
        if matcher is not None:
            names |= self._candidates(matcher)
        shown = "SELECT shown FROM within WHERE id = ?"
        return {ConversationId(self._store.value(shown, (name,)) or name) for name in names}

    def _candidates(self, matcher: Matcher) -> set[bytes]:
        if matcher.scope.everyone:
            return {row[0] for row in self._store.rows("SELECT id FROM conversations")}
        names: set[bytes] = {*matcher.scope.conversations, *matcher.marks}
        for (tag,) in self._store.rows("SELECT DISTINCT tag FROM tags"):
            if plain(tag) in matcher.tags:
                query = "SELECT conversation FROM tags WHERE tag = ?"
                names.update(row[0] for row in self._store.rows(query, (tag,)))
        if matcher.words or matcher.regions:
            names.update(name for name, event in self.texts() if matcher.may_touch(event))
        return names

    def texts(self) -> Iterator[tuple[ConversationId, HotlineFact]]:
        """Return every fact that brings texts into a conversation, as this desk holds them."""
        last = 0
        while rows := self._store.rows(_TEXTS, (last, *_KINDS, AT_ONCE)):
            for no, conversation, kind, version, body in rows:
                last = no
                if (event := hotline.parse_fact(kind, version, body)) is not None:
                    yield ConversationId(conversation), event

    def _now(self) -> _Read:
        stamp = self._store.setting(BULLETINS, NUMBER) or 0
        read = self._read
        if read is None or read.stamp != stamp:
            every = self._fold()
            running = {name: Matcher(one) for name, one in every.items() if one.ended is None}
            self._read = read = _Read(stamp, every, running)
        return read

    def _fold(self) -> dict[BulletinId, Bulletin]:
        told: dict[BulletinId, list[BulletinTold]] = {}
        for commit, slot, device, hlc, kind, version, body in self._store.rows(_TOLD):
            event = hotline.parse_fact(kind, version, body)
            if isinstance(event, BulletinFact):
                one = BulletinTold(fact_id(commit, slot), DeviceId(device), instant_of(hlc), event)
                told.setdefault(BulletinId(event.bulletin), []).append(one)
        folded = ((name, fold_bulletin(name, facts)) for name, facts in told.items())
        return {name: bulletin for name, bulletin in folded if bulletin is not None}


def _ordered(touches: Iterable[Touch]) -> tuple[Touch, ...]:
    return tuple(sorted(touches, key=lambda one: (one.told, not one.close, one.by, one.bulletin)))
