# SPDX-License-Identifier: AGPL-3.0-or-later
"""The case files of which this desk holds a vault: their names, and which vault is which part.

What is not held is not here, so that whoever asks can tell of nothing else (spec/crew.md 13).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from safeconduct.edges.desk.case_names import CaseNames
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.store_facts import COUNTS
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import CaseId, CommitId, DeviceId, VaultId, fact_id
from safeconduct.rooms import cases
from safeconduct.rooms.cases import Beginning, Part, Told
from safeconduct.rooms.cases.events import PartFact
from safeconduct.rooms.crew import KeyFacts
from safeconduct.rooms.crew.case_facts import OpenedCase

FACT: Final = "SELECT c.id, c.no, e.slot, e.vault, c.device, c.hlc, e.kind, e.version, e.body "
JOINED: Final = 'FROM entries e JOIN commits c ON c.no = e."commit" '
_OF_CASE: Final = f"{FACT}{JOINED}WHERE e.conversation = ? AND c.state = {COUNTS} AND e.kind IN "
_PARTS: Final = (cases.PartOpened,)
PARTS_MOST: Final = 500
"""Of so many cases parts are read at once."""
_OF_CASES: Final = (
    f"{FACT}, e.conversation {JOINED}WHERE e.conversation IN ({{marks}}) "
    f"AND c.state = {COUNTS} AND e.kind = 'cases.PartOpened'"
)
Parts = Mapping[Part, VaultId]


class HeldCases:
    """Cases of an open journal, newest first; read anew when keys or facts about them changed."""

    def __init__(self, journal: Journal) -> None:
        """Look at this journal."""
        self._journal: Final = journal
        self._found: tuple[tuple[KeyFacts, int] | None, dict[CaseId, OpenedCase]] = (None, {})
        self._names: dict[tuple[CaseId, str], str] = {}
        self._by_name: tuple[object, str, CaseNames] = (None, "", CaseNames(()))
        self._parts: dict[CaseId, tuple[OpenedCase, Parts]] = {}
        self._turned = -1

    def all(self) -> Sequence[OpenedCase]:
        """Return the cases of which a vault is held, without the vaults that are not."""
        return tuple(self._by_id().values())

    def find(self, case: bytes) -> OpenedCase | None:
        """Return one of them."""
        return self._by_id().get(CaseId(case))

    def among(self, some: Collection[bytes]) -> Sequence[OpenedCase]:
        """Return those of some cases that are held."""
        held = self._by_id()
        return tuple(held[CaseId(case)] for case in some if case in held)

    def name(self, case: CaseId) -> str:
        """Return the name under which colleagues speak of a case."""
        at = case, self._journal.lists.language
        return self._names.get(at) or self._names.setdefault(at, cases.case_name(*at))

    def named(self, terms: Collection[str], most: int) -> Sequence[OpenedCase]:
        """Return the newest cases whose name has words that begin like all terms."""
        with self._journal.store.lock:
            held, language = self._by_id(), self._journal.lists.language
            if self._by_name[0] is not held or self._by_name[1] != language:
                found = CaseNames((case, self.name(case)) for case in held)
                self._by_name = held, language, found
            return tuple(held[case] for case in self._by_name[2].begin(terms, most))

    def parts(self, opened: OpenedCase) -> Parts:
        """Return the parts that can be read here, without reading what is in them."""
        return self.parts_of((opened,))[opened.id]

    def by_vault(self, opened: OpenedCase) -> dict[VaultId, Part]:
        """Return the same by their vaults, as folds of the work on a case ask for them."""
        return {vault: part for part, vault in self.parts(opened).items()}

    def parts_of(self, some: Iterable[OpenedCase]) -> Mapping[CaseId, Parts]:
        """Return the parts of some cases that can be read here.

        A part is told in the commit that opened its case, so that what was read of it stays as it
        is until keys come, or what counted counts no more.
        """
        with self._journal.store.lock:
            if self._turned != self._journal.facts.turned:
                self._turned = self._journal.facts.turned
                self._parts.clear()
            wanted = {one.id: one for one in some}
            known = {case: of for case in wanted if (of := self._parts.get(case))}
            fresh = [one for one in wanted.values() if known.get(one.id, (None,))[0] != one]
            for start in range(0, len(fresh), PARTS_MOST):
                self._read_parts(fresh[start : start + PARTS_MOST])
            return {case: self._parts[case][1] for case in wanted}

    def _read_parts(self, some: Sequence[OpenedCase]) -> None:
        told: dict[bytes, list[Told]] = {one.id: [] for one in some}
        query = _OF_CASES.format(marks=", ".join("?" * len(told)))
        for row in self._journal.store.rows(query, (*told,)):
            if (one := told_in(row)) is not None:
                told[row[-1]].append(one)
        for opened in some:
            parts = cases.fold_parts(Beginning(*opened), told[opened.id])
            self._parts[opened.id] = opened, parts

    def told(self, opened: OpenedCase, *kinds: type[PartFact]) -> list[Told]:
        """Return the facts of some kinds of a case, in whatever vault of it they stand."""
        query = f"{_OF_CASE}({', '.join('?' * len(kinds))})"
        names = (f"cases.{kind.__name__}" for kind in kinds)
        rows = self._journal.store.rows(query, (opened.id, *names))
        return [one for row in rows if (one := told_in(row)) is not None]

    def part_of(self, opened: OpenedCase, vault: bytes) -> Part | None:
        """Return which part of a case is in a vault; None where it is no part of it."""
        parts = self.parts(opened).items()
        return next((part for part, of in parts if of == vault), None)

    def _by_id(self) -> dict[CaseId, OpenedCase]:
        with self._journal.store.lock:
            facts, changes = self._journal.keys.stamp()
            before = self._found[0]
            if before is None or before[0] is not facts or before[1] != changes:
                self._found = (facts, changes), self._read(facts)
            return self._found[1]

    def _read(self, facts: KeyFacts) -> dict[CaseId, OpenedCase]:
        known = {where.vault for where in self._journal.keychain.held()}
        held = (
            one._replace(vaults=tuple(vault for vault in one.vaults if vault in known))
            for one in facts.cases
        )
        newest = sorted((one for one in held if one.vaults), key=lambda one: (-one.hlc, one.id))
        return {one.id: one for one in newest}


def told_in(row: Sequence[Any], gave: frozenset[DeviceId] = frozenset()) -> Told | None:
    """Return the fact of a case in a row of `FACT`; None for one that this program cannot read."""
    commit, _, slot, vault, device, hlc, kind, version, body, *_ = row
    try:
        event = cases.parse_fact(kind, version, body)
    except SafeconductError:
        return None
    if event is None:
        return None
    fact, by = fact_id(CommitId(commit), slot), DeviceId(device)
    return Told(fact, CommitId(commit), VaultId(vault), by, hlc, event, gave)
