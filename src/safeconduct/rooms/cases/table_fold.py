# SPDX-License-Identifier: AGPL-3.0-or-later
"""From facts to which rows a case came from, and to how tables are read.

A row counts in the part of identity alone.  What stands in its commit was written by a table and by
nobody's hand, which is how a later file tells what it may write over (spec/tables.md 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from safeconduct.kernel.words import CaseId, CommitId
from safeconduct.rooms.cases.record import SheetId
from safeconduct.rooms.cases.table_facts import RowBroughtIn, TableKept
from safeconduct.rooms.cases.words import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from safeconduct.kernel.words import FactId, VaultId
    from safeconduct.rooms.cases.fold import Told

RowKey = tuple[bytes, bytes]
"""A table and the digest of a row of it."""


@dataclass(frozen=True, slots=True)
class CaseRows:
    """The rows that were written into a case: their sheets by place, and all such commits."""

    case: CaseId
    rows: Mapping[RowKey, Mapping[str, tuple[SheetId, ...]]]
    commits: frozenset[CommitId]


@dataclass(frozen=True, slots=True)
class KeptTable:
    """How a table is read, the facts that say so, and in whose vault; None at this desk alone."""

    fact: TableKept
    facts: frozenset[FactId] = frozenset()
    vault: VaultId | None = None


def fold_rows(case: CaseId, parts: Mapping[VaultId, Part], told: Iterable[Told]) -> CaseRows:
    """Return the rows of a case."""
    rows: dict[RowKey, dict[str, list[SheetId]]] = {}
    commits = set()
    for one in sorted(told, key=lambda one: (one.hlc, one.fact)):
        event = one.event
        if not isinstance(event, RowBroughtIn) or event.case != case:
            continue
        if parts.get(one.vault) is not Part.IDENTITY:
            continue
        commits.add(one.commit)
        sheets = rows.setdefault((event.table, event.row), {})
        for slot, sheet in event.sheets:
            there = sheets.setdefault(slot, [])
            if SheetId(sheet) not in there:
                there.append(SheetId(sheet))
    found = {
        key: {slot: tuple(ids) for slot, ids in sheets.items()} for key, sheets in rows.items()
    }
    return CaseRows(case, found, frozenset(commits))


def fold_tables(told: Iterable[Told]) -> dict[bytes, KeptTable]:
    """Return how each table is read; of what two said unseen, what was written last.

    It is a proposal that a person looks through each time.
    """
    facts = sorted(told, key=lambda one: (one.hlc, one.fact))
    events = [(one, one.event) for one in facts if isinstance(one.event, TableKept)]
    over = {fact for _, event in events for fact in event.over}
    found: dict[bytes, KeptTable] = {}
    for one, event in events:
        before = found.get(event.table)
        ids = (before.facts if before else frozenset()) | {one.fact}
        if one.fact not in over or before is None:
            found[event.table] = KeptTable(event, ids, one.vault)
    return found
