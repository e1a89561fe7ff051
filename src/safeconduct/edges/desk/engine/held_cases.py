# SPDX-License-Identifier: AGPL-3.0-or-later
"""The case files of which this desk holds a vault: their names, and which vault is which part.

What is not held is not here, so that whoever asks can tell of nothing else (spec/crew.md 13).
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import takewhile
from typing import Any, Final

from safeconduct.edges.desk.engine.case_names import CaseNames
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import Keychain
from safeconduct.edges.desk.store_facts import COUNTS
from safeconduct.kernel.errors import Malformed, SafeconductError
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import CaseId, CommitId, DeviceId, VaultId, fact_id
from safeconduct.rooms import cases
from safeconduct.rooms.cases import Beginning, Opening, Part, Told
from safeconduct.rooms.cases.events import PartFact
from safeconduct.rooms.crew.case_facts import OpenedCase

FACT: Final = "SELECT c.id, c.no, e.slot, e.vault, c.device, c.hlc, e.kind, e.version, e.body "
JOINED: Final = 'FROM entries e JOIN commits c ON c.no = e."commit" '
PARTS_MOST: Final = 500
"""Of so many cases facts are read at once."""
_OF_KINDS: Final = (
    f"{FACT}, e.conversation {JOINED}WHERE e.conversation IN ({{cases}}) "
    f"AND c.state = {COUNTS} AND e.kind IN ({{kinds}})"
)
_OPENS: Final = "cases.PartOpened"
_OPENINGS: Final = (
    f"SELECT c.id, e.slot, e.vault, e.version, e.body, e.conversation {JOINED}"
    f"WHERE e.conversation IN ({{cases}}) AND c.state = {COUNTS} AND e.kind = '{_OPENS}'"
)
_LAST: Final = "SELECT max(no) FROM entries"
_WRITTEN: Final = (
    "SELECT DISTINCT conversation FROM entries NOT INDEXED "
    "WHERE no > ? AND conversation IS NOT NULL"
)
"""Along the numbers: for `DISTINCT` alone SQLite would walk the whole index of conversations."""
Parts = Mapping[Part, VaultId]


class HeldCases:
    """Cases of an open journal, newest first; what is new of keys and facts is added to them.

    It is also the one place that says which cases changed (`since`): whoever keeps something that
    was made of cases makes it anew for those.
    """

    def __init__(self, journal: Journal) -> None:
        """Look at this journal."""
        self._journal: Final = journal
        self._found = _Found([], [])
        self._names: dict[tuple[CaseId, str], str] = {}
        self._by_name: tuple[object, str, CaseNames] = (None, "", CaseNames(()))
        self._parts: dict[CaseId, Parts] = {}
        self._parts_at = 0
        self._changed: dict[CaseId, int] = {}
        self._serial = 0
        self._read_to: tuple[int, int] = (-1, 0)

    def all(self) -> Sequence[OpenedCase]:
        """Return the cases of which a vault is held, without the vaults that are not."""
        with self._journal.store.lock:
            return self._now().all()

    def find(self, case: bytes) -> OpenedCase | None:
        """Return one of them."""
        return self._by_id().get(CaseId(case))

    def since(self, mark: int) -> tuple[int, Sequence[CaseId]]:
        """Return a new mark, and the cases that changed since an older one; 0 stands before all.

        A case changes when a vault of it comes or goes, when something is written into it, and when
        what was read of it may stand elsewhere or count otherwise.  One that went is found no more.
        Hold the store's lock until they were looked at.
        """
        with self._journal.store.lock:
            self._note_written()
            later = takewhile(lambda one: one[1] > mark, reversed(self._changed.items()))
            return self._serial, [case for case, _ in later]

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
            every = self._now().all()
            if self._by_name[0] is not every or self._by_name[1] != language:
                found = CaseNames((one.id, self.name(one.id)) for one in every)
                self._by_name = every, language, found
            return tuple(held[case] for case in self._by_name[2].begin(terms, most))

    def parts(self, opened: OpenedCase) -> Parts:
        """Return the parts that can be read here, without reading what is in them."""
        return self.parts_of((opened,))[opened.id]

    def by_vault(self, opened: OpenedCase) -> dict[VaultId, Part]:
        """Return the same by their vaults, as folds of the work on a case ask for them."""
        return {vault: part for part, vault in self.parts(opened).items()}

    def parts_of(self, some: Iterable[OpenedCase]) -> Mapping[CaseId, Parts]:
        """Return the parts of some cases that can be read here.

        What was read of it stays as it is until the case changes.
        """
        with self._journal.store.lock:
            self._parts_at, changed = self.since(self._parts_at)
            for case in changed:
                self._parts.pop(case, None)
            wanted = {one.id: one for one in some}
            fresh = [one for one in wanted.values() if one.id not in self._parts]
            for start in range(0, len(fresh), PARTS_MOST):
                self._read_parts(fresh[start : start + PARTS_MOST])
            return {case: self._parts[case] for case in wanted}

    def _read_parts(self, some: Sequence[OpenedCase]) -> None:
        told: dict[CaseId, list[Opening]] = {one.id: [] for one in some}
        query = _OPENINGS.format(cases=", ".join("?" * len(some)))
        for commit, slot, vault, version, body, case in self._journal.store.rows(query, (*told,)):
            with suppress(Malformed):
                event = cases.parse_fact(_OPENS, version, body)
                if isinstance(event, cases.PartOpened):
                    told[case].append(Opening(commit, slot, vault, event))
        for opened in some:
            self._parts[opened.id] = cases.fold_parts(Beginning(*opened), told[opened.id])

    def told(self, opened: OpenedCase, *kinds: type[PartFact]) -> list[Told]:
        """Return the facts of some kinds of a case, in whatever vault of it they stand."""
        return self.told_of((opened,), *kinds)[opened.id]

    def told_of(
        self, some: Sequence[OpenedCase], *kinds: type[PartFact]
    ) -> Mapping[CaseId, list[Told]]:
        """Return the same of some cases, `PARTS_MOST` at most."""
        told: dict[CaseId, list[Told]] = {one.id: [] for one in some}
        cases_, kinds_ = (", ".join("?" * len(of)) for of in (some, kinds))
        names = (f"cases.{kind.__name__}" for kind in kinds)
        query = _OF_KINDS.format(cases=cases_, kinds=kinds_)
        for row in self._journal.store.rows(query, (*told, *names)):
            if (one := told_in(row)) is not None:
                told[row[-1]].append(one)
        return told

    def part_of(self, opened: OpenedCase, vault: bytes) -> Part | None:
        """Return which part of a case is in a vault; None where it is no part of it."""
        parts = self.parts(opened).items()
        return next((part for part, of in parts if of == vault), None)

    def _by_id(self) -> Mapping[CaseId, OpenedCase]:
        with self._journal.store.lock:
            return self._now().by_id

    def _now(self) -> _Found:
        """Return what is held now: what is new is added, unless all is to be read anew."""
        keys, chain, found = self._journal.keys, self._journal.keychain, self._found
        facts = keys.facts()
        if found.cases is not facts.cases or found.keys is not chain.added:
            before, found = found.by_id, _Found(facts.cases, chain.added)
            found.hold(facts.cases, chain)
            ids = before.keys() | found.by_id.keys()
            self._touch(one for one in ids if before.get(one) != found.by_id.get(one))
            self._found = found
        elif found.upto != (len(facts.cases), len(chain.added)):
            self._touch(found.grow(facts.parts, chain))
        return found

    def _touch(self, some: Iterable[CaseId]) -> None:
        """Remember that these changed, after all that changed before."""
        self._serial += 1
        for case in some:
            self._changed.pop(case, None)
            self._changed[case] = self._serial

    def _note_written(self) -> None:
        """Find what was written into cases since this was asked last, or may stand otherwise."""
        journal, (turned, to) = self._journal, self._read_to
        held = self._now().by_id
        last: int = journal.store.value(_LAST) or 0
        if turned != journal.facts.turned:
            self._touch({*self._changed, *held})
        elif last > to:
            written = (CaseId(row[0]) for row in journal.store.rows(_WRITTEN, (to,)))
            self._touch(case for case in written if case in held)
        self._read_to = journal.facts.turned, last


class _Found:
    """The cases that are held, from lists that grow: cases that facts opened, and keys."""

    def __init__(self, cases: list[OpenedCase], keys: list[VaultEpoch]) -> None:
        """Hold none yet."""
        self.cases: Final = cases
        self.keys: Final = keys
        self.upto = (0, 0)
        self.by_id: Final[dict[CaseId, OpenedCase]] = {}
        self._order: Final[list[tuple[int, CaseId]]] = []
        self._all: tuple[OpenedCase, ...] | None = None

    def all(self) -> tuple[OpenedCase, ...]:
        """Return them, newest first; the same object while there is no other."""
        if self._all is None:
            self._all = tuple(self.by_id[case] for _, case in self._order)
        return self._all

    def hold(self, some: Iterable[OpenedCase], chain: Keychain) -> None:
        """Hold those of some cases of which a vault is held; begin with this."""
        for one in some:
            if held := tuple(vault for vault in one.vaults if chain.holds(vault)):
                self.by_id[one.id] = one._replace(vaults=held)
        self._order.extend(sorted((-one.hlc, one.id) for one in self.by_id.values()))
        self.upto = len(self.cases), len(self.keys)

    def grow(self, parts: Mapping[VaultId, OpenedCase], chain: Keychain) -> list[CaseId]:
        """Take what is new; return the cases of which more is held than before."""
        told = self.cases[self.upto[0] :]
        told += (parts[at.vault] for at in self.keys[self.upto[1] :] if at.vault in parts)
        self.upto = len(self.cases), len(self.keys)
        changed: list[CaseId] = []
        for one in {one.id: one for one in told}.values():
            held = one._replace(vaults=tuple(v for v in one.vaults if chain.holds(v)))
            before = self.by_id.get(one.id)
            if not held.vaults or held == before:
                continue
            self.by_id[one.id] = held
            if before is None:
                insort(self._order, (-one.hlc, one.id))
            self._all = None
            changed.append(one.id)
        return changed


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
