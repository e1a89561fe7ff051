# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erases cases whose day has come: keys first of all, then all that was read with them.

One transaction destroys, and tells colleagues so: a desk that was killed has done all of it or
nothing, and goes on at its next start, since facts say what is left to do (spec/erasure.md 4).
What stays sealed, in frames here and at the relay, nobody opens without the keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk import search
from safeconduct.edges.desk.engine import erasures_told, readings
from safeconduct.edges.desk.engine.erased import BLANK, Erased, erased_cases, keep_erased
from safeconduct.edges.desk.engine.erased_left import drop_parcels, left_of, parcels_of
from safeconduct.edges.desk.engine.own_rotation import able
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.kernel.wire.refusals import NotFound
from safeconduct.kernel.words import MINUTE, CaseId, Instant, VaultId
from safeconduct.rooms.crew.asking_facts import CaseErased
from safeconduct.rooms.crew.case_erasure import ErasingCase, ErasureStage
from safeconduct.rooms.crew.case_facts import PARTS_MOST, Place, case_id, vaults_of

if TYPE_CHECKING:
    from safeconduct.edges.desk.engine.journal import Journal
    from safeconduct.kernel.ports import Courier

ASK_EVERY: Final = 10 * MINUTE
CASE_OPENED: Final = "crew.CaseOpened"
_AT_ONCE: Final = 500
_ENTRIES: Final = "SELECT no FROM entries WHERE vault IN ({marks}) AND kind != ?"


class CaseEraser:
    """What goes of cases at this desk, at one relay.  All calls come from one thread."""

    def __init__(self, journal: Journal, courier: Courier) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._courier: Final = courier
        self._told: Final = erasures_told.ErasuresTold(journal)
        self._asked = Instant(0)
        self._cut = False

    def look(self) -> None:
        """Erase what it is time for.

        Raises:
            Unreachable, Refused: the relay did not answer; to be taken up later.
            StoreFull: nothing was destroyed.
        """
        waits = self._due()
        now = self._journal.clock.now()
        if waits and not self._asked <= now < self._asked + ASK_EVERY:
            self._asked = now
            there = self._time()
            for one in waits:
                if one.due is not None and one.due <= there:
                    erase(self._journal, one)
                    self._cut = False
        drop_parcels(self._journal, self._courier)
        if not self._cut:
            self._cut = self._journal.store.cut_log()

    def _due(self) -> list[ErasingCase]:
        """Return what is due by the log and this desk's clock, and was not done here."""
        journal = self._journal
        with journal.store.lock:
            told = self._told.all()
            if not told:
                return []
            done = {one.case for one in erased_cases(journal.store)}
            now = min(erasures_told.agreed_now(journal), journal.clock.now())
            some = (one for one in told if one.case not in done)
            return [one for one in some if one.stage(Instant(now)) is ErasureStage.DUE]

    def _time(self) -> Instant:
        """Return the relay's time; long ago for an office that has published nothing yet."""
        try:
            return self._courier.now()
        except NotFound:
            return Instant(0)


def erase(journal: Journal, one: ErasingCase) -> None:
    """Destroy what this desk holds of a case, and tell so; durable on return.

    Whoever holds nothing of it keeps its vaults all the same, so that no key of them is taken.
    Of a case whose opening was not read yet nothing is kept: it is looked for again.
    """
    with journal.store.lock:
        vaults = _vaults_of(journal, one.case)
        if not vaults:
            return
        try:
            with journal.store.transaction():
                record = _record(journal, one, vaults)
                if record.held and able(journal):
                    signer = journal.device, journal.secrets.signing_key()
                    told = CaseErased(one.id)
                    fact = crew_fact(journal.crew_vault, told, journal.office, signer)
                    journal.write([fact])
                _destroy(journal, record.vaults)
                keep_erased(journal.store, (*erased_cases(journal.store), record))
        finally:
            journal.load()
    journal.changed()


def _vaults_of(journal: Journal, case: CaseId) -> tuple[VaultId, ...]:
    """Return the vaults of a case, also while its opening lies beyond a cut and counts for nothing.

    Its id is made of where it was opened, so those who want it gone named this very fact.  Who
    opened it may be brought back, and the keys of it lie here all the while.
    """
    for _, one in journal.facts.told_of_keys():
        told = one.told
        place = Place(journal.office, told.device, told.sequence, told.index)
        if told.kind == CASE_OPENED and case_id(place) == case:
            # Of as many as there can be: who signs one number twice could name fewer.
            return vaults_of(place, PARTS_MOST)
    return ()


def _record(journal: Journal, one: ErasingCase, vaults: Sequence[VaultId]) -> Erased:
    held = {where.vault for where in journal.keychain.held()}
    left = left_of(journal, one.case)
    return Erased(
        case=one.case,
        fact=one.id,
        at=journal.clock.now(),
        held=int(any(vault in held for vault in vaults)),
        vaults=tuple(vaults),
        parts=left.parts,
        talks=left.talks,
        handed=left.handed,
        parcels=parcels_of(journal, frozenset(vaults)),
    )


def _destroy(journal: Journal, vaults: Sequence[bytes]) -> None:
    store, marks = journal.store, ", ".join("?" * len(vaults))
    numbers = [row[0] for row in store.rows(_ENTRIES.format(marks=marks), (*vaults, BLANK))]
    with store.transaction() as writer:
        writer.executemany("DELETE FROM held_keys WHERE id = ?", [(one,) for one in vaults])
        for start in range(0, len(numbers), _AT_ONCE):
            _blank(journal, numbers[start : start + _AT_ONCE])
        readings.forget(store, frozenset(VaultId(one) for one in vaults))


def _blank(journal: Journal, numbers: Iterable[int]) -> None:
    numbers = list(numbers)
    search.forget(journal.store, numbers)
    query = "UPDATE entries SET kind = ?, version = 0, conversation = NULL, body = x'' WHERE no = ?"
    with journal.store.transaction() as writer:
        writer.executemany(query, [(BLANK, number) for number in numbers])
