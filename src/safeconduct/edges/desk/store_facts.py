# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commits and opened entries, as facts that rooms can fold.

An entry of an unknown kind or a newer version is kept like any other; it belongs to no fold.
A quarantined commit stays, and its entries are folded by nobody.  Of what a device wrote before its
fork was seen the roster facts alone are folded (spec/journal.md 5).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from safeconduct.edges.desk.migrations_hotline import WORDS_ANEW
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.told_rows import Rows
from safeconduct.kernel.journal import Chains, Head, VaultEpoch
from safeconduct.kernel.journal.heads import HEARTBEAT
from safeconduct.kernel.sync import Opened, OpenedEntry
from safeconduct.kernel.words import CommitId, ConversationId, DeviceId, Instant, VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import KeyTold

COUNTS: Final = 0
QUARANTINED: Final = 1
ROSTER_ONLY: Final = 2
WORDS_TO: Final = "words_to_5"
"""Entries before this number have their words indexed.

Counted anew since dates are indexed: what an older program indexed is read again.  Whoever changes
which keys a name or a date has changes this name too, with a step that forgets the old one.
"""
BULLETINS: Final = "bulletins"
"""Counts how often bulletins changed, so that what was read of them is kept until then."""
WEIGHED_TO: Final = "weighed_to"
"""Of entries before this number the messages were compared with each other."""
KEYS_PROVED: Final = "keys_proved"
"""Up to which entry the signatures of facts about keys were checked, and which did not hold."""
FROM_FRAMES: Final = (
    *("heads", "beats", "heads_checked", WORDS_TO, WORDS_ANEW, BULLETINS, WEIGHED_TO),
    KEYS_PROVED,
)
"""Settings that say what was read from frames."""
_TOLD: Final = (
    "SELECT e.conversation, c.id, e.slot, c.device, c.hlc, e.kind, e.version, e.body "
    'FROM entries e JOIN commits c ON c.no = e."commit" '
    "WHERE e.conversation IN ({names}) AND c.state = 0"
)
LASTING: Final = "e.kind >= 'crew.' AND e.kind < 'crew/' AND e.kind != 'crew.Heartbeat'"
"""Facts of the crew but heartbeats, as their index `entries_crew` says it."""
NEWEST: Final = f"SELECT max(e.no) FROM entries e WHERE {LASTING}"  # noqa: S608
"""The newest of those; one step along the index."""
_OF_CREW: Final = (
    "SELECT c.id, c.device, e.kind, e.body, e.version, c.sequence, e.slot FROM entries e "  # noqa: S608
    f'JOIN commits c ON c.no = e."commit" WHERE {LASTING} AND c.state != ? AND e.vault = ?'
)
_OF_KEYS: Final = (
    "SELECT e.no, e.vault, c.hlc, c.id, c.device, e.kind, e.body, e.version, c.sequence, e.slot "  # noqa: S608
    'FROM entries e INDEXED BY entries_crew JOIN commits c ON c.no = e."commit" '
    f"WHERE e.no > ? AND {LASTING} "
    f"AND e.kind IN ({', '.join('?' * len(crew.KEY_KINDS))}) AND c.state != ? "
    "ORDER BY e.no LIMIT ?"
)
KEY_FACTS_AT_ONCE: Final = 500
"""Of so many facts about keys the bodies are in memory together, with their long signatures."""
_AT: Final = "SELECT id FROM commits WHERE device = ? AND sequence = ? ORDER BY no LIMIT 1"
_WRITTEN_BY: Final = (
    "SELECT e.no, c.id, c.sequence, c.at, e.conversation, "
    "e.slot, e.vault, e.epoch, e.n, e.kind, e.version, e.body "
    'FROM commits c JOIN entries e ON e."commit" = c.no WHERE c.device = ? AND c.state = 0 '
    "AND (e.kind >= 'hotline.' AND e.kind < 'hotline/' OR e.kind >= 'crew.' AND e.kind < 'crew/' "
    "OR e.kind >= 'cases.' AND e.kind < 'cases/' OR e.kind >= 'duty.' AND e.kind < 'duty/' "
    "OR e.kind >= 'passage.' AND e.kind < 'passage/' "
    "OR e.kind >= 'watch.' AND e.kind < 'watch/') ORDER BY e.no"
)
_NOTED: Final = 'SELECT no, at, "commit", code FROM quarantine WHERE "commit" IS NOT NULL'

Refusal = tuple[int | None, bytes, str]
"""Which frame and commit does not count, and the code that says why."""


WEIGHTS: Final = ("alike", "hostile_kinds", "kinds_due")
KEPT: Final = ("kept", "named_files", "codes")

_UNREAD: Final = crew.APART - {"crew.ExportAsked"}
"""What a roster is folded without; a question that somebody takes back has to be found."""


class Placed(NamedTuple):
    """A commit on its way into the tables: which frame, and where each entry belongs."""

    opened: Opened
    at: int | None
    state: int
    conversations: Sequence[bytes | None]


Ask = Callable[[str, tuple[Any, ...]], Iterable[Sequence[Any]]]
"""Reads rows of a store."""


def crew_facts(
    ask: Ask,
    vault: VaultId,
    devices: Iterable[DeviceId] | None = None,
    but: Collection[str] = (),
) -> list[crew.Told]:
    """Return the crew vault's roster facts that count, but for kinds, of some devices or all."""
    query = f"{_OF_CREW} AND e.kind NOT IN ({','.join('?' * len(but))})"
    values: tuple[int | bytes | str, ...] = (QUARANTINED, vault, *but)
    if devices is not None:
        some = tuple(devices)
        query += f" AND c.device IN ({','.join('?' * len(some))})"
        values += some
    return [
        crew.Told(CommitId(commit), DeviceId(device), *rest)
        for commit, device, *rest in ask(query, values)
    ]


def commit_at(ask: Ask, device: DeviceId, sequence: int) -> CommitId | None:
    """Return the id that is held at a place of a chain."""
    for (found,) in ask(_AT, (device, sequence)):
        return CommitId(found)
    return None


class FactShelf:
    """Commits, entries, chains and counts."""

    def __init__(self, store: Store) -> None:
        """Look at a store's facts."""
        self._store: Final = store
        self._turned = 0

    @property
    def turned(self) -> int:
        """Counts what may change where something stands that was read before.

        Whoever keeps what was made of entries makes it anew then, and else adds those that came.
        """
        return self._turned + self._store.undone

    def add(self, commits: Iterable[Placed]) -> list[int]:
        """Keep commits with their entries; return the first entry's number of each."""
        with self._store.transaction() as writer:
            no = self._next("commits")
            entry_no = self._next("entries")
            firsts: list[int] = []
            commit_rows: list[tuple[Any, ...]] = []
            entry_rows: list[tuple[Any, ...]] = []
            unopened: list[tuple[int, int, bytes]] = []
            for opened, at, state, conversations in commits:
                firsts.append(entry_no)
                commit_rows.append(
                    (
                        *(no, opened.id, opened.device, opened.sequence, opened.hlc, at),
                        *(opened.verified, state, opened.seen.size, opened.seen.root),
                    )
                )
                for entry, conversation in zip(opened.entries, conversations, strict=True):
                    if passing(opened.entries):
                        continue
                    entry_rows.append(
                        (
                            *(entry_no, no, entry.index, entry.vault, entry.epoch, entry.n),
                            *(entry.kind, entry.version, conversation, entry.body),
                        )
                    )
                    entry_no += 1
                unopened += [(no, index, tag) for index, tag in opened.unopened]
                no += 1
            _insert(writer, "commits", 10, commit_rows)
            _insert(writer, "entries", 10, entry_rows)
            _insert(writer, "unopened", 3, unopened)
        return firsts

    def add_late(self, commit: int, entry: OpenedEntry, conversation: bytes | None) -> int:
        """Keep an entry of a commit that was kept before its key came; return its number."""
        with self._store.transaction() as writer:
            no = self._next("entries")
            row = (
                *(no, commit, entry.index, entry.vault, entry.epoch, entry.n),
                *(entry.kind, entry.version, conversation, entry.body),
            )
            _insert(writer, "entries", 10, [row])
            place = (commit, entry.index)
            writer.execute('DELETE FROM unopened WHERE "commit" = ? AND slot = ?', place)
        return no

    def _next(self, table: str) -> int:
        return (self._store.value(f"SELECT max(no) FROM {table}") or 0) + 1  # noqa: S608

    def commit_at(self, device: DeviceId, sequence: int) -> CommitId | None:
        """Return the id that is held at a place of a chain."""
        return commit_at(self._store.rows, device, sequence)

    def note_place(self, device: bytes, sequence: int, at: int) -> None:
        """Remember at which index a commit stands that was known before it was served."""
        query = "UPDATE commits SET at = ? WHERE device = ? AND sequence = ? AND at IS NULL"
        with self._store.transaction() as writer:
            writer.execute(query, (at, device, sequence))

    def rows_of(self, names: Iterable[ConversationId]) -> dict[ConversationId, Rows]:
        """Return the rows of those facts of conversations that count, for `told_of`."""
        found: dict[ConversationId, list[Sequence[Any]]] = {name: [] for name in names}
        for conversation, *row in self._store.rows_of(_TOLD, found):
            found[conversation].append(tuple(row))
        return {name: tuple(rows) for name, rows in found.items()}

    def of_roster(
        self, vault: VaultId, devices: Iterable[DeviceId] | None = None
    ) -> list[crew.Told]:
        """Return those facts of the crew vault that count and that the roster may hang on."""
        return crew_facts(self._store.rows, vault, devices, _UNREAD)

    def crew(self, vault: VaultId, devices: Iterable[DeviceId] | None = None) -> list[crew.Told]:
        """Return the roster facts of the crew vault that count, of some devices or of all."""
        return crew_facts(self._store.rows, vault, devices)

    def told_of_keys(self, after: int = 0) -> Iterator[tuple[int, KeyTold]]:
        """Yield facts about keys after a number, each with its own; hold the store's lock."""
        kinds = (*crew.KEY_KINDS, QUARANTINED, KEY_FACTS_AT_ONCE)
        while rows := self._store.rows(_OF_KEYS, (after, *kinds)):
            for no, vault, hlc, first, by, *rest in rows:
                told = crew.Told(CommitId(first), DeviceId(by), *rest)
                yield no, KeyTold(VaultId(vault), hlc, told)
            after = rows[-1][0]

    def written_by(self, device: DeviceId) -> Iterable[Sequence[Any]]:
        """Return what a device wrote and no fork took back, of kinds that a judge places.

        As (entry's number, commit, sequence, frame, conversation), then an opened entry's fields.
        """
        return self._store.rows(_WRITTEN_BY, (device,))

    def place(self, places: Iterable[tuple[bytes | None, int]]) -> None:
        """Let entries, by number, belong to a conversation or to none."""
        places = list(places)
        if not places:
            return
        with self._store.transaction() as writer:
            self._turned += 1
            writer.executemany("UPDATE entries SET conversation = ? WHERE no = ?", places)

    def refuse(
        self, commits: set[bytes], codes: frozenset[str], refused: set[Refusal], now: Instant
    ) -> None:
        """Note why some commits do not count, and no more what these codes said of them before."""
        noted: dict[Refusal, list[int]] = {}
        for no, at, commit, code in self._store.rows(_NOTED):
            if commit in commits and code in codes:
                noted.setdefault((at, commit, code), []).append(no)
        gone = [(no,) for note, numbers in noted.items() if note not in refused for no in numbers]
        with self._store.transaction() as writer:
            writer.executemany("DELETE FROM quarantine WHERE no = ?", gone)
            for at, commit, code in sorted(refused - noted.keys(), key=lambda one: one[1:]):
                self.set_aside(at, commit, code, now)

    def suspend_from(self, device: DeviceId, sequence: int) -> list[ConversationId]:
        """Let of a device's commits from a sequence on only roster facts count.

        What was quarantined stays so.  Returns the conversations that they touched.
        """
        with self._store.transaction() as writer:
            self._turned += 1
            rows = self._store.rows(
                "SELECT DISTINCT e.conversation FROM entries e JOIN commits c "
                'ON c.no = e."commit" WHERE c.device = ? AND c.sequence >= ? '
                "AND c.state = 0 AND e.conversation IS NOT NULL",
                (device, sequence),
            )
            writer.execute(
                "UPDATE commits SET state = ? WHERE device = ? AND sequence >= ? AND state = 0",
                (ROSTER_ONLY, device, sequence),
            )
        return [ConversationId(row[0]) for row in rows]

    def unplaced(self, device: DeviceId, sequence: int) -> bool:
        """Tell whether commits of a device from a sequence on were not seen in the log yet."""
        query = "SELECT 1 FROM commits WHERE device = ? AND sequence >= ? AND at IS NULL LIMIT 1"
        return self._store.value(query, (device, sequence)) is not None

    def set_aside(self, at: int | None, commit: bytes | None, code: str, now: Instant) -> None:
        """Note why a frame, or an entry of it, does not count."""
        query = 'INSERT INTO quarantine (at, "commit", code, since) VALUES (?, ?, ?, ?)'
        with self._store.transaction() as writer:
            writer.execute(query, (at, commit, code, now))

    def keep_chain(self, device: DeviceId, head: Head) -> None:
        """Remember a device's head."""
        row = (device, head.sequence, head.commit, head.forked_at)
        with self._store.transaction() as writer:
            writer.execute("REPLACE INTO chains VALUES (?, ?, ?, ?)", row)

    def chains(self) -> Chains:
        """Return the heads of all devices."""
        chains = Chains()
        for device, sequence, head, forked_at in self._store.rows("SELECT * FROM chains"):
            chains.restore(DeviceId(device), Head(sequence, CommitId(head), forked_at))
        return chains

    def keep_counts(self, device: DeviceId, counts: dict[VaultEpoch, int]) -> None:
        """Remember how many entries of a device are known, by vault epoch."""
        rows = [(where.vault, where.epoch, device, n) for where, n in counts.items()]
        with self._store.transaction() as writer:
            writer.executemany("REPLACE INTO counts VALUES (?, ?, ?, ?)", rows)

    def counts(self) -> dict[VaultEpoch, dict[DeviceId, int]]:
        """Return how many entries are known, by vault epoch and device."""
        counts: dict[VaultEpoch, dict[DeviceId, int]] = {}
        for vault, epoch, device, n in self._store.rows("SELECT * FROM counts"):
            counts.setdefault(VaultEpoch(VaultId(vault), epoch), {})[DeviceId(device)] = n
        return counts

    def weigh_anew(self) -> None:
        """Have all messages weighed as if none had been; until then each is like nothing."""
        with self._store.transaction() as writer:
            self._store.drop_settings(WEIGHED_TO)
            writer.execute("DELETE FROM alike")

    def forget_opened(self) -> None:
        """Drop everything that is read from frames, to read it again."""
        tables = ("commits", "chains", "counts", "entries", "unopened", "quarantine", "parked")
        rows = ("conversations", "holders", "tags", "joined", "within", "touched")
        derived = (*rows, *KEPT, "word_index", *WEIGHTS)
        with self._store.transaction() as writer:
            self._turned += 1
            self._store.drop_settings(*FROM_FRAMES)
            for table in (*tables, *derived):
                writer.execute(f"DELETE FROM {table}")  # noqa: S608


def passing(entries: Sequence[OpenedEntry]) -> bool:
    """Tell whether a commit holds a heartbeat alone: its frame is kept, and no row for it."""
    return [entry.kind for entry in entries] == [HEARTBEAT]


def _insert(writer: Any, table: str, width: int, rows: list[tuple[Any, ...]]) -> None:  # noqa: ANN401
    """Insert many rows in few statements: each one gives up the interpreter's lock only once."""
    at_once = 640 // width
    one = "(" + ",".join("?" * width) + ")"
    for first in range(0, len(rows), at_once):
        some = rows[first : first + at_once]
        marks = ",".join([one] * len(some))
        values = [value for row in some for value in row]
        writer.execute(f"INSERT INTO {table} VALUES {marks}", values)  # noqa: S608
