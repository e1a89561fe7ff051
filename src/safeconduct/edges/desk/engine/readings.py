# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which parts of case files somebody looked at here, until colleagues are told (spec/crew.md 11).

Each part's report stands in the vault of that part, so that nobody learns of a part by it who does
not hold it.  Told beside heartbeats, which go out anyway, and no longer by it.  What waits lies
sealed in the store.  Fails open: on a full disk somebody reads on, and that is not reported.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from safeconduct.edges.desk.audit_api import PART_READ
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.store import Store, StoreFull
from safeconduct.kernel.canon import Bytes16, Codec, Record
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.words import DAY, VaultId
from safeconduct.rooms import cases, crew
from safeconduct.rooms.cases import CaseFile, PartRead
from safeconduct.rooms.cases.events import DAYS_MOST

NAME: Final = "readings"
WAITING_MOST: Final = 2_000
"""So many days of one part each wait to be told."""
HEADS_OF_TWO: Final = 3
HEADS_OF_ONE: Final = 9
"""Beside a heartbeat whose commit cites no more heads, reports of two parts fit, or of one."""


class Looked(Record, frozen=True):
    """On which day somebody looked at which part of which case."""

    day: int
    vault: Bytes16
    case: Bytes16


class Noted(Record, frozen=True):
    """What was looked at: on the newest day, told or not, and what is to be told."""

    day: int
    today: tuple[bytes, ...]
    waiting: tuple[Looked, ...]


_NOTED: Final[Codec[Noted]] = Codec(Noted, NAME)


def note(journal: Journal, file: CaseFile) -> None:
    """Remember that the parts of a case were looked at: once a day each, by this desk's clock."""
    if not crew.may_write(journal.roster, journal.device, PART_READ):
        return
    store, day = journal.store, journal.clock.now() // DAY
    with store.lock:
        before = _read(store)
        today = before.today if before.day == day else ()
        fresh = tuple(one.vault for one in file.parts if one.vault not in today)
        waiting = before.waiting + tuple(Looked(day, vault, file.id) for vault in fresh)
        if not fresh or len(waiting) > WAITING_MOST:
            return
        try:
            with store.transaction():
                store.put_setting(NAME, Noted(day, today + fresh, waiting))
        except StoreFull:
            journal.trouble(StoreFull.code)


def room(heads: int) -> int:
    """Return of how many parts reports fit beside a heartbeat whose commit cites so many heads."""
    return 2 if heads <= HEADS_OF_TWO else int(heads <= HEADS_OF_ONE)


def due(journal: Journal) -> list[Fact]:
    """Return what the next heartbeat tells: of the parts that wait longest, as many as fit."""
    heads = len(journal.rosters.heads.newest(journal.pen.heads))
    return waiting(journal)[: room(heads)]


def waiting(journal: Journal) -> list[Fact]:
    """Return all that is still to be told, the longest waiting part first."""
    held = journal.keys.newest()
    days: dict[tuple[bytes, bytes], set[int]] = {}
    for one in _read(journal.store).waiting:
        if VaultId(one.vault) in held:
            days.setdefault((one.vault, one.case), set()).add(one.day)
    return [
        Fact(VaultId(vault), PART_READ, cases.VERSION, cases.write_fact(PartRead(case, some)))
        for (vault, case), of in days.items()
        for some in _pieces(sorted(of))
    ]


def told(store: Store, facts: Iterable[Fact]) -> None:
    """Forget what was told; in the transaction that keeps the facts."""
    gone = {
        (day, fact.vault) for fact in facts for day in days_of(fact.kind, fact.version, fact.body)
    }
    before = _read(store)
    left = tuple(one for one in before.waiting if (one.day, one.vault) not in gone)
    store.put_setting(NAME, Noted(before.day, before.today, left))


def forget(store: Store, vaults: Collection[VaultId]) -> None:
    """Forget what was looked at in some vaults, told or not."""
    before = _read(store)
    today = tuple(one for one in before.today if one not in vaults)
    left = tuple(one for one in before.waiting if one.vault not in vaults)
    if (today, left) != (before.today, before.waiting):
        store.put_setting(NAME, Noted(before.day, today, left))


def days_of(kind: str, version: int, body: bytes) -> tuple[int, ...]:
    """Return on which days a part was looked at; nothing for other facts."""
    if kind != PART_READ:
        return ()
    try:
        fact = cases.parse_fact(kind, version, body)
    except SafeconductError:
        return ()  # It lies in quarantine.
    return fact.days if isinstance(fact, PartRead) else ()


def _pieces(days: list[int]) -> Iterator[tuple[int, ...]]:
    for start in range(0, len(days), DAYS_MOST):
        yield tuple(days[start : start + DAYS_MOST])


def _read(store: Store) -> Noted:
    return store.setting(NAME, _NOTED) or Noted(0, (), ())
