# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows for lists, made from folds: screens read these, and nothing else writes them.

A row is made again whenever one of its conversation's facts comes; `row_of` is the whole rule, so
that `check` can hold every row to a fresh fold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from safeconduct.edges.desk.api import Passed, Row
from safeconduct.edges.desk.crowds import Crowds, band_of
from safeconduct.edges.desk.gone_rows import GoneRows
from safeconduct.edges.desk.joined_rows import JoinedRows, pairs_of
from safeconduct.edges.desk.kept_rows import KeptRows
from safeconduct.edges.desk.queue_rows import (
    BANDS,
    EVERYTHING,
    SILENT_BANDS,
    Look,
    Sieve,
    Stream,
    coming,
    streams,
    total,
    walk,
)
from safeconduct.edges.desk.row_values import COLUMNS, OF_LINE
from safeconduct.edges.desk.row_writing import RowWriter, row_of
from safeconduct.edges.desk.rows_api import ByLine
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.store_facts import FactShelf
from safeconduct.edges.desk.told_rows import Rows, told_of
from safeconduct.edges.desk.touched_rows import TouchedRows
from safeconduct.edges.desk.weights import Weights
from safeconduct.kernel.words import ConversationId, DeviceId, Instant, OfficeId
from safeconduct.rooms import hotline
from safeconduct.rooms.crew import Roster
from safeconduct.rooms.crew.exports import are_apart
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.bulletins import BulletinId, Touch
from safeconduct.rooms.hotline.call_waits import Rings
from safeconduct.rooms.hotline.events import HaveSent, MessageReceived
from safeconduct.rooms.hotline.flags import Flag
from safeconduct.rooms.hotline.fold import began_of, fold_joined
from safeconduct.rooms.hotline.guarded import names_in
from safeconduct.rooms.hotline.joining import answered, group
from safeconduct.rooms.hotline.queue import LATEST_DUE, Place, State
from safeconduct.rooms.hotline.triage import Danger
from safeconduct.rooms.hotline.vetting import Apart, nobody_apart
from safeconduct.rooms.hotline.words import code_name

FOLDS_KEPT: Final = 512
"""So many conversations stand folded in memory: each is asked for again when it was weighed."""
_OF_ROW: Final = 7
_HOLDERS: Final = (
    "SELECT conversation, at, fact, passed_by, device FROM holders WHERE conversation IN ({names})"
)
_TAGS: Final = "SELECT conversation, tag FROM tags WHERE conversation IN ({names}) ORDER BY tag"


def _folded(
    conversation: ConversationId, name: str, rows: Rows, apart: Apart, office: OfficeId | None
) -> Conversation | None:
    return hotline.fold(conversation, name, told_of(rows), apart, office)


class Lists:
    """The rows of all conversations."""

    def __init__(self, store: Store, language: str, now: Callable[[], Instant]) -> None:
        """Look at a store's rows; code names are words of the office's language."""
        self._store: Final = store
        self._facts: Final = FactShelf(store)
        self.joined: Final = JoinedRows(store)
        self.touched: Final = TouchedRows(store)
        self.weights: Final = Weights(store)
        self.kept: Final = KeptRows(store)
        self.gone: Final = GoneRows(store)
        self.crowds: Final = Crowds(store)
        self._writer: Final = RowWriter(store, self.touched, self.weights, self.kept, self.crowds)
        self.folded: Final = lru_cache(FOLDS_KEPT)(_folded)
        self.language = language
        self.pending: Mapping[ConversationId, list[hotline.Told]] = {}
        self._now: Final = now
        self._roster: Roster | None = None
        self._apart: Apart = nobody_apart
        self._office: OfficeId | None = None

    def hear_of(self, told_differently: Callable[[], None]) -> None:
        """Call this when colleagues are seen to tell a message differently."""
        self._writer.told_differently = told_differently

    def take(self, roster: Roster) -> None:
        """Know in which language the office names people, and which devices are of two people."""
        if roster is self._roster:  # What was folded by it stands.
            return
        self._roster, self._office = roster, roster.office
        if roster.founded is not None:
            self.language = roster.founded.language
        self._apart = lambda one, other: are_apart(roster, one, other)

    def forget(self) -> None:
        """Keep nothing in memory that was made of facts, some of which were destroyed since."""
        self.folded.cache_clear()
        names_in.cache_clear()

    def fold(
        self, conversation: ConversationId, told: Iterable[hotline.Told]
    ) -> Conversation | None:
        """Return a conversation from its facts."""
        return hotline.fold(
            conversation, self.code_name(conversation), told, self._apart, self._office
        )

    def code_name(self, conversation: ConversationId) -> str:
        """Return the name under which helpers speak of a person."""
        return code_name(conversation, self.language)

    def conversation(self, conversation: ConversationId) -> Conversation | None:
        """Return a conversation alone, from the tables and what a cold sync has yet to write."""
        return self.conversations([conversation])[conversation]

    def conversations(
        self, names: Iterable[ConversationId]
    ) -> dict[ConversationId, Conversation | None]:
        """Return some conversations, each alone; of the same facts each is folded once."""
        every = list(names)
        if self.pending:
            return {name: self.fold(name, self._told(name)) for name in every}
        found = self._facts.rows_of(every).items()
        return {
            name: self.folded(name, self.code_name(name), rows, self._apart, self._office)
            for name, rows in found
        }

    def whole(self, conversation: ConversationId) -> Conversation | None:
        """Return a conversation with all that are joined with it, as the one that is answered."""
        around, pairs = self.joined.around(conversation)
        alone = {one: folded for one in around if (folded := self.conversation(one))}
        among = group(conversation, pairs, alone) & alone.keys()
        if len(among) < 2:  # noqa: PLR2004
            return alone.get(conversation)
        began = began_of(alone[one] for one in among)
        names = {one: alone[one].code_name for one in among}
        told = chain.from_iterable(self._told(one) for one in sorted(among))
        return fold_joined(answered(began, pairs), names, told, self._apart, self._office)

    def records(self, conversation: ConversationId, message: bytes) -> list[MessageReceived]:
        """Return everything that was recorded of one message of a conversation."""
        return [record for record in self.all_records(conversation) if record.message == message]

    def all_records(self, conversation: ConversationId) -> list[MessageReceived]:
        """Return everything that was recorded of the messages of a conversation."""
        events = (item.event for item in self._told(conversation))
        return [event for event in events if isinstance(event, MessageReceived)]

    def have_sent(self, conversation: ConversationId, message: bytes) -> bool:
        """Tell whether a desk of ours has told the person that the office has her message."""
        events = (item.event for item in self._told(conversation))
        return any(isinstance(e, HaveSent) and message in e.messages for e in events)

    def _told(self, conversation: ConversationId) -> Iterable[hotline.Told]:
        pending = self.pending.get(conversation, ())
        told = {item.fact: item for item in pending}
        rows = self._facts.rows_of([conversation])[conversation]
        told.update((item.fact, item) for item in told_of(rows))
        return told.values()

    def refresh(self, conversations: Iterable[ConversationId]) -> None:
        """Make the rows of these conversations again, and of those that are or were joined.

        Where a bulletin is among them, those too that it touches or touched.
        """
        with self._store.transaction():
            names = list(dict.fromkeys(conversations))
            self.gone.sweep(names)
            bulletins = self.touched.heard(names)
            alone = self.conversations(names)
            joining = self.joined.among(names) | {name for name in names if pairs_of(alone[name])}
            joined: set[ConversationId] = set()
            for name in joining:
                before, _ = self.joined.around(name)
                self.joined.keep(name, alone[name])
                joined |= before | self.joined.around(name)[0]
            self._writer.put({name: one for name, one in alone.items() if name not in joining})
            for conversation in sorted(joined):
                self._put_joined(conversation)
            self.touch_anew(bulletins)

    def touch_anew(self, bulletins: Iterable[BulletinId]) -> None:
        """Make again the rows of whom these bulletins touch or touched."""
        names = {name for one in bulletins for name in self.touched.around(one)}
        with self._store.transaction():
            every = {name: self.whole(name) for name in sorted(names)}
            shown = {name: one for name, one in every.items() if one is not None}
            self._writer.put({name: one for name, one in shown.items() if one.id == name})

    def _put_joined(self, conversation: ConversationId) -> None:
        whole = self.whole(conversation)
        apart = whole is None or whole.id == conversation
        self._writer.put({conversation: whole if apart else None})
        self.joined.free(conversation)
        if whole is not None and not apart:
            self.joined.place(whole)

    def put_many(self, folded: Sequence[Conversation]) -> None:
        """Write the rows of conversations that have none yet, in few statements."""
        with self._store.transaction():
            self._writer.put_new(folded)
            self.refresh(one.id for one in folded if one.joinings)

    def fresh_row(self, conversation: Conversation) -> Row:
        """Return the row of a conversation as it is touched and weighed now."""
        weight = self.weights.of(conversation)
        return row_of(conversation, self.touched.of(conversation), weight)

    def page(
        self, show: str, device: DeviceId, *, start: int, most: int, sieve: Sieve = EVERYTHING
    ) -> tuple[list[Row], int]:
        """Return rows of a list (`DeskApi.inbox`) in the order of the queue, and how many exist."""
        now = self._now()
        bands = self._silent_bands(now) if show == "silent" else self._bands()
        look = Look(show, device, now, sieve, bands)
        found = streams(look) if most else []
        return walk(found, start, most, self._count, self._some), total(look, self._count)

    def coming(self, until: Instant, device: DeviceId, most: int) -> list[Row]:
        """Return of each level the first rows whose next word is due from now until then."""
        look = Look("silent", device, self._now(), EVERYTHING, self._bands())
        return [row for one in coming(look, until) for row in self._some(one, most, 0)]

    def _bands(self) -> tuple[int, ...]:
        """Return how far rows are sunk that wait or are due, each once."""
        return tuple(band for (band,) in self._store.rows(BANDS))

    def _silent_bands(self, now: Instant) -> tuple[int, ...]:
        """Return how far rows are sunk that are silent."""
        return tuple(band for (band,) in self._store.rows(SILENT_BANDS, (now, now + LATEST_DUE)))

    def _some(self, stream: Stream, most: int, start: int) -> list[Row]:
        by = f"INDEXED BY {stream.along} " if stream.along else ""
        query = (
            f"SELECT {COLUMNS} FROM conversations {by}WHERE {stream.where} "  # noqa: S608
            f"ORDER BY {stream.order} LIMIT ? OFFSET ?"
        )
        rows = self._rows(query, (*stream.values, *stream.of_order, most, start))
        return [self._with_those_behind(row) for row in rows]

    def _with_those_behind(self, row: Row) -> Row:
        crowd = row.place.crowd
        return replace(row, behind=self.crowds.behind(crowd, row.conversation)) if crowd else row

    def tags(self) -> list[str]:
        """Return every tag that stands somewhere."""
        return [row[0] for row in self._store.rows("SELECT DISTINCT tag FROM tags ORDER BY tag")]

    def names(self) -> list[str]:
        """Return every code name that helpers speak of, of joined conversations too."""
        query = "SELECT code_name FROM conversations UNION SELECT code_name FROM within"
        return [row[0] for row in self._store.rows(query)]

    def _count(self, where: str, values: tuple[Any, ...] = ()) -> int:
        query = f"SELECT count(*) FROM conversations WHERE {where}"  # noqa: S608
        return int(self._store.value(query, values))

    def _rows(self, query: str, values: tuple[Any, ...]) -> list[Row]:
        rows = self._store.rows(query, values)
        names = [ConversationId(row[0]) for row in rows]
        held: dict[ConversationId, list[tuple[Any, ...]]] = {name: [] for name in names}
        tags: dict[ConversationId, list[str]] = {name: [] for name in names}
        for name, *holder in self._store.rows_of(_HOLDERS, names):
            held[name].append(tuple(holder))
        for name, tag in self._store.rows_of(_TAGS, names):
            tags[name].append(tag)
        touched = self.touched.shown(names)
        return [
            _row(row, held[name], _place(row, tuple(tags[name]), touched[name]))
            for name, row in zip(names, rows, strict=True)
        ]

    def all(self) -> Iterable[Row]:
        """Return every row, for checking."""
        return self._rows(f"SELECT {COLUMNS} FROM conversations", ())  # noqa: S608


def _row(row: Sequence[Any], held: list[tuple[Any, ...]], place: Place) -> Row:
    holders = tuple(sorted({DeviceId(item[3]) for item in held}))
    passed = tuple(sorted(Passed(*item) for item in held if item[2] is not None))
    waiting = None if row[3] is None else Instant(row[3])
    conversation, last_at = ConversationId(row[0]), Instant(row[5])
    said = (row[1], row[2], waiting, row[4], last_at, row[6])
    kind, key, itself, since, by = row[-OF_LINE:]
    line = ByLine(kind, key, bool(itself)) if kind else None
    rings = None if since is None else Rings(Instant(since), by)
    return Row(conversation, *said, holders, passed, place=place, line=line, rings=rings)


def _place(row: Sequence[Any], tags: tuple[str, ...], touched: tuple[Touch, ...]) -> Place:
    danger, says, deadline, why, due, due_why, until, by, state, flags, *alike = row[
        _OF_ROW:-OF_LINE
    ]
    band, others, same, *by_whom, crowd, imported = alike
    return Place(
        *(Danger(danger), bool(says), _instant(deadline), why, _instant(due), due_why),
        *(_instant(until), None if by is None else DeviceId(by), State(state)),
        tags=tags,
        flags=tuple(map(Flag, flags.split())),
        touched=touched,
        alike=band_of(band),
        others=others,
        same_as_hostile=bool(same),
        imported=bool(imported),
        hostile_by=_device(by_whom[0]),
        said_hostile_by=_device(by_whom[1]),
        judged_by=_device(by_whom[2]),
        crowd=crowd or b"",
    )


def _instant(value: int | None) -> Instant | None:
    return None if value is None else Instant(value)


def _device(value: bytes | None) -> DeviceId | None:
    return None if value is None else DeviceId(value)
