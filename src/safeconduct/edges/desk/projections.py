# SPDX-License-Identifier: AGPL-3.0-or-later
"""Rows for lists, made from folds: screens read these, and nothing else writes them.

A row is made again whenever one of its conversation's facts comes; `row_of` is the whole rule, so
that `check` can hold every row to a fresh fold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Final

from safeconduct.edges.desk.api import Passed, Row
from safeconduct.edges.desk.crowds import Crowds, band_of
from safeconduct.edges.desk.gone_rows import GoneRows
from safeconduct.edges.desk.joined_rows import JoinedRows, pairs_of
from safeconduct.edges.desk.kept_rows import KeptRows
from safeconduct.edges.desk.queue_rows import (
    EVERYTHING,
    Look,
    Sieve,
    Stream,
    coming,
    streams,
    total,
    walk,
)
from safeconduct.edges.desk.row_values import COLUMNS, PUT, crowd_of, holders_of, tags_of, values_of
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.store_facts import FactShelf
from safeconduct.edges.desk.touched_rows import TouchedRows
from safeconduct.edges.desk.weights import Weights
from safeconduct.kernel.words import ConversationId, DeviceId, Instant
from safeconduct.rooms import hotline
from safeconduct.rooms.crew import Roster
from safeconduct.rooms.crew.exports import are_apart
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.bulletins import BulletinId, Touch
from safeconduct.rooms.hotline.events import HaveSent, MessageReceived
from safeconduct.rooms.hotline.flags import Flag
from safeconduct.rooms.hotline.fold import began_of, fold_joined
from safeconduct.rooms.hotline.joining import answered, group
from safeconduct.rooms.hotline.queue import UNWEIGHED, Place, State, Weight, place_of
from safeconduct.rooms.hotline.triage import Danger
from safeconduct.rooms.hotline.vetting import Apart, nobody_apart
from safeconduct.rooms.hotline.words import code_name

PREVIEW_CHARACTERS: Final = 140
_OF_ROW: Final = 7
_NEXT_BAND: Final = tuple(
    f"SELECT min(alike) FROM conversations INDEXED BY {index} WHERE alike > ? AND {where}"  # noqa: S608
    for index, where in (
        ("conversations_queue", "waiting_since IS NOT NULL"),
        ("conversations_due", "due IS NOT NULL"),
    )
)


def row_of(
    conversation: Conversation, touched: tuple[Touch, ...] = (), weight: Weight = UNWEIGHED
) -> Row:
    """Return the row in lists of a conversation, which these bulletins touch and that weighs so."""
    said = [(message.arrived, message.text) for message in conversation.messages]
    said += [(answer.written, answer.text) for answer in conversation.answers]
    last_at, text = max(said, key=lambda item: item[0])
    return Row(
        conversation=conversation.id,
        code_name=conversation.code_name,
        language=conversation.language,
        waiting_since=conversation.waiting_since,
        unread=conversation.unread,
        last_at=last_at,
        preview=" ".join(text.split())[:PREVIEW_CHARACTERS],
        holders=tuple(sorted({claim.holder for claim in conversation.claims})),
        passed=tuple(sorted(_passed(conversation))),
        place=place_of(conversation, touched, weight),
    )


def _passed(conversation: Conversation) -> Iterable[Passed]:
    for device in {claim.holder for claim in conversation.claims}:
        for passed in conversation.handed_to(device):
            yield Passed(passed.at, passed.fact, passed.by, device)


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
        self.language = language
        self.pending: Mapping[ConversationId, list[hotline.Told]] = {}
        self._now: Final = now
        self._apart: Apart = nobody_apart
        self.told_differently: Callable[[], None] = lambda: None

    def take(self, roster: Roster) -> None:
        """Know in which language the office names people, and which devices are of two people."""
        if roster.founded is not None:
            self.language = roster.founded.language
        self._apart = lambda one, other: are_apart(roster, one, other)

    def fold(
        self, conversation: ConversationId, told: Iterable[hotline.Told]
    ) -> Conversation | None:
        """Return a conversation from its facts."""
        return hotline.fold(conversation, self.code_name(conversation), told, self._apart)

    def code_name(self, conversation: ConversationId) -> str:
        """Return the name under which helpers speak of a person."""
        return code_name(conversation, self.language)

    def conversation(self, conversation: ConversationId) -> Conversation | None:
        """Return a conversation alone, from the tables and what a cold sync has yet to write."""
        return self.fold(conversation, self._told(conversation))

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
        return fold_joined(answered(began, pairs), names, told, self._apart)

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
        told.update((item.fact, item) for item in self._facts.told_of(conversation))
        return told.values()

    def refresh(self, conversations: Iterable[ConversationId]) -> None:
        """Make the rows of these conversations again, and of those that are or were joined.

        Where a bulletin is among them, those too that it touches or touched.
        """
        with self._store.transaction():
            joined: set[ConversationId] = set()
            names = list(conversations)
            self.gone.sweep(names)
            bulletins = self.touched.heard(names)
            for conversation in names:
                before, _ = self.joined.around(conversation)
                alone = self.conversation(conversation)
                if len(before) > 1 or pairs_of(alone):
                    self.joined.keep(conversation, alone)
                    joined |= before | self.joined.around(conversation)[0]
                else:
                    self.put(conversation, alone)
            for conversation in sorted(joined):
                self._put_joined(conversation)
            self.touch_anew(bulletins)

    def touch_anew(self, bulletins: Iterable[BulletinId]) -> None:
        """Make again the rows of whom these bulletins touch or touched."""
        names = {name for one in bulletins for name in self.touched.around(one)}
        with self._store.transaction():
            for name in sorted(names):
                whole = self.whole(name)
                if whole is not None and whole.id == name:
                    self.put(name, whole)

    def _put_joined(self, conversation: ConversationId) -> None:
        whole = self.whole(conversation)
        apart = whole is None or whole.id == conversation
        self.put(conversation, whole if apart else None)
        self.joined.free(conversation)
        if whole is not None and not apart:
            self.joined.place(whole)

    def put(self, conversation: ConversationId, folded: Conversation | None) -> None:
        """Write the row of a folded conversation, or drop it when nothing is left to show."""
        with self._store.transaction() as writer:
            for table in ("holders", "tags"):
                writer.execute(f"DELETE FROM {table} WHERE conversation = ?", (conversation,))  # noqa: S608
            touched = self.touched.of(folded) if folded is not None else ()
            self.touched.keep(conversation, touched)
            self.weights.mark(conversation, folded)
            self.kept.keep(conversation, folded)
            crowds = self.crowds.of(conversation)
            if folded is None:
                writer.execute("DELETE FROM conversations WHERE id = ?", (conversation,))
                self.crowds.settle(crowds)
                return
            row = self._row_of(folded, touched)
            writer.execute(PUT, values_of(row))
            self.crowds.settle(crowds | crowd_of(row))
            writer.executemany("INSERT INTO holders VALUES (?, ?, ?, ?, ?)", holders_of(row))
            writer.executemany("INSERT INTO tags VALUES (?, ?)", tags_of(row))

    def put_many(self, folded: Sequence[Conversation]) -> None:
        """Write the rows of conversations that have none yet, in few statements."""
        rows = [self._row_of(conversation) for conversation in folded]
        with self._store.transaction() as writer:
            for one in folded:
                if one.triage.hostile_by is not None:
                    self.weights.mark(one.id, one)
            writer.executemany(PUT, map(values_of, rows))
            self.kept.keep_new(folded)
            self.crowds.settle(set().union(*map(crowd_of, rows)))
            writer.executemany("REPLACE INTO tags VALUES (?, ?)", chain(*map(tags_of, rows)))
            writer.executemany(
                "REPLACE INTO holders VALUES (?, ?, ?, ?, ?)",
                (values for row in rows for values in holders_of(row)),
            )
            self.refresh(one.id for one in folded if one.joinings)

    def _row_of(self, conversation: Conversation, touched: tuple[Touch, ...] = ()) -> Row:
        if conversation.told_differently:
            self.told_differently()
        return row_of(conversation, touched, self.weights.of(conversation))

    def fresh_row(self, conversation: Conversation) -> Row:
        """Return the row of a conversation as it is touched and weighed now."""
        weight = self.weights.of(conversation)
        return row_of(conversation, self.touched.of(conversation), weight)

    def page(
        self, show: str, device: DeviceId, *, start: int, most: int, sieve: Sieve = EVERYTHING
    ) -> tuple[list[Row], int]:
        """Return rows of a list (`DeskApi.inbox`) in the order of the queue, and how many exist."""
        look = Look(show, device, self._now(), sieve, tuple(self._bands()))
        found = streams(look) if most else []
        return walk(found, start, most, self._count, self._some), total(look, self._count)

    def coming(self, until: Instant, device: DeviceId, most: int) -> list[Row]:
        """Return of each level the first rows whose next word is due from now until then."""
        look = Look("silent", device, self._now(), EVERYTHING, tuple(self._bands()))
        return [row for one in coming(look, until) for row in self._some(one, most, 0)]

    def _bands(self) -> Iterable[int]:
        """Yield how far rows are sunk that wait or are due, each once, along both indexes."""
        band: int | None = -1
        while True:
            found = [self._store.value(query, (band,)) for query in _NEXT_BAND]
            band = min((one for one in found if one is not None), default=None)
            if band is None:
                return
            yield band

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
        return [self._row(row) for row in self._store.rows(query, values)]

    def all(self) -> Iterable[Row]:
        """Return every row, for checking."""
        return self._rows(f"SELECT {COLUMNS} FROM conversations", ())  # noqa: S608

    def _row(self, row: Sequence[Any]) -> Row:
        query = "SELECT at, fact, passed_by, device FROM holders WHERE conversation = ?"
        held = self._store.rows(query, (row[0],))
        holders = tuple(sorted({DeviceId(item[3]) for item in held}))
        passed = tuple(sorted(Passed(*item) for item in held if item[2] is not None))
        waiting = None if row[3] is None else Instant(row[3])
        conversation, last_at = ConversationId(row[0]), Instant(row[5])
        said = (row[1], row[2], waiting, row[4], last_at, row[6])
        return Row(conversation, *said, holders, passed, place=self._place(row))

    def _place(self, row: Sequence[Any]) -> Place:
        danger, says, deadline, why, due, due_why, until, by, state, flags, *alike = row[_OF_ROW:]
        band, others, same, *by_whom, crowd, imported = alike
        query = "SELECT tag FROM tags WHERE conversation = ? ORDER BY tag"
        return Place(
            *(Danger(danger), bool(says), _instant(deadline), why, _instant(due), due_why),
            *(_instant(until), None if by is None else DeviceId(by), State(state)),
            tags=tuple(tag for (tag,) in self._store.rows(query, (row[0],))),
            flags=tuple(map(Flag, flags.split())),
            touched=self.touched.shown(ConversationId(row[0])),
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
