# SPDX-License-Identifier: AGPL-3.0-or-later
"""Something read out of every case that is held here, and read anew only where a case changed.

A list over all cases would else fold each of them on each page.  Which cases changed, `HeldCases`
says, for this and for all else that is kept of cases, so that nothing is told of a case whose keys
went.  Many are read in slices, between which others may have the store's lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Final, Generic, TypeVar

from safeconduct.edges.desk.engine.held_cases import HeldCases
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.words import CaseId, VaultId
from safeconduct.rooms.cases import Part, Told
from safeconduct.rooms.cases.events import PartFact

T = TypeVar("T")
Reader = Callable[[CaseId, Mapping[VaultId, Part], Sequence[Told]], T]
AT_ONCE: Final = 100
"""So many cases are read while nobody else has the lock."""
BREATH: Final = 0.0005
"""Seconds in which another thread takes the lock that waits for it."""


class Unread:
    """The cases that changed and were not read again since; hold the store's lock.

    What is held no more is forgotten at once, however many others wait.
    """

    def __init__(
        self,
        journal: Journal,
        held: HeldCases,
        forget: Callable[[CaseId], object],
        hangs_on: Callable[[], object] = lambda: None,
    ) -> None:
        """Have read none; `forget` drops what is known of a case by keys that went.

        All is to be read again when what it `hangs_on` beside the cases is another.
        """
        self._journal: Final = journal
        self._held: Final = held
        self._forget: Final = forget
        self._mark = 0
        self._cases: dict[CaseId, None] = {}
        self._hangs_on: Final = hangs_on
        self._stamp: tuple[object, ...] = ()

    def look(self) -> int:
        """Find what changed; return how many are to be read."""
        stamp = self._journal.lists.language, self._hangs_on()
        if stamp != self._stamp:
            self._stamp, self._mark = stamp, 0
        self._mark, changed = self._held.since(self._mark)
        for case in changed:
            self._forget(case)
            self._cases[case] = None
        return len(self._cases)

    def take(self, most: int) -> Sequence[CaseId]:
        """Return some of them, which count as read then."""
        some = [*islice(self._cases, most)]
        for case in some:
            del self._cases[case]
        return some

    def take_one(self, case: CaseId) -> bool:
        """Tell whether this one was to be read; it counts as read then."""
        return self._cases.pop(case, self._cases) is None


def breathe() -> None:
    """Let another thread have the lock."""
    threading.Event().wait(BREATH)


class AcrossCases(Generic[T]):
    """What `read` makes of facts of some kinds, for each case that is held, newest first."""

    def __init__(
        self,
        journal: Journal,
        held: HeldCases,
        read: Reader[T],
        *kinds: type[PartFact],
        hangs_on: Callable[[], object] = lambda: None,
    ) -> None:
        """Look at these cases; see `Unread` for what it `hangs_on`."""
        self._lock: Final = journal.store.lock
        self._held: Final = held
        self._read: Final = read
        self._kinds: Final = kinds
        self._unread: Final = Unread(journal, held, self._drop, hangs_on)
        self._found: dict[CaseId, T] = {}
        self._made: Mapping[CaseId, T] | None = {}

    def all(self) -> Mapping[CaseId, T]:
        """Return it for each; the same object while nothing changed."""
        while self.read_some():
            breathe()
        with self._lock:
            if self._made is None:
                held = (one.id for one in self._held.all())
                self._made = {case: self._found[case] for case in held if case in self._found}
            return self._made

    def of(self, case: CaseId) -> T | None:
        """Return it for one case, without reading others; None where nothing of it is held."""
        with self._lock:
            self._unread.look()
            if self._unread.take_one(case):
                self._renew([case])
            return self._found.get(case)

    def read_some(self) -> bool:
        """Read some of the cases that changed; False when none is left."""
        with self._lock:
            left = self._unread.look()
            self._renew(self._unread.take(AT_ONCE))
            return left > AT_ONCE

    def _drop(self, case: CaseId) -> None:
        self._found.pop(case, None)
        self._made = None

    def _renew(self, some: Sequence[CaseId]) -> None:
        if not some:
            return
        self._made = None
        opened = self._held.among(some)
        told, parts = self._held.told_of(opened, *self._kinds), self._held.parts_of(opened)
        for one in opened:
            of = {vault: part for part, vault in parts[one.id].items()}
            self._found[one.id] = self._read(one.id, of, told[one.id])
