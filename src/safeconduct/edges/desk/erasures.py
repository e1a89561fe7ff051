# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing cases from this desk: asks, signs, stops, and says what went and what is left of it.

What is not held here is answered as if there were no such case.  The act itself is the engine's
(`engine/erasing_cases`), and needs nobody who presses a button.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk.engine import erasures_told
from safeconduct.edges.desk.engine.erased import Erased, erased_cases
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.edges.desk.erasures_api import Gone, Held
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import CaseId, DeviceId, FactId, Instant, VaultId
from safeconduct.rooms import cases
from safeconduct.rooms.cases.decide import NoSuchPart
from safeconduct.rooms.crew.case_erasure import (
    ErasingCase,
    ErasureStage,
    ask_erasure,
    second_erasure,
    stop_erasure,
)
from safeconduct.rooms.crew.decide import CASE_OPENERS
from safeconduct.rooms.crew.events import CrewFact

if TYPE_CHECKING:
    from safeconduct.edges.desk.cases import Cases
    from safeconduct.edges.desk.engine.journal import Journal
    from safeconduct.rooms.crew import Roster

Decide = Callable[["Roster", DeviceId, ErasingCase | None, Instant], CrewFact]


class Erasures:
    """Erasures of cases, over an open journal."""

    def __init__(self, journal: Journal, of: Cases) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._cases: Final = of
        self._told: Final = erasures_told.ErasuresTold(journal)

    # --- reading

    def of(self, case: CaseId) -> Sequence[Held]:
        """Return those of a case that is held here, newest first."""
        return [one for one in self._held() if one.asked.case == case]

    def running(self) -> Sequence[Held]:
        """Return those of cases held here that wait or run, the nearest first."""
        open_ = {ErasureStage.WAITS, ErasureStage.RUNS, ErasureStage.DUE}
        some = [one for one in self._held() if one.stage in open_]
        return sorted(some, key=lambda one: (one.asked.due or one.asked.at, one.asked.id))

    def runs(self, case: CaseId) -> bool:
        """Tell whether a case that is held here is to be erased, and nobody stopped that."""
        return any(one.asked.case == case for one in self.running())

    def gone(self) -> Sequence[Gone]:
        """Return the cases that this desk held something of and erased, the last first."""
        journal = self._journal
        with journal.store.lock:
            told = {one.id: one for one in self._told.all()}
            some = [one for one in erased_cases(journal.store) if one.held]
            return [self._gone(one, told.get(FactId(one.fact))) for one in reversed(some)]

    def may_ask(self) -> bool:
        """Tell whether somebody here may ask."""
        return bool(self._journal.roster.roles(self._journal.device) & CASE_OPENERS)

    def may_second(self, asked: ErasingCase) -> bool:
        """Tell whether it waits, and a steward is here who is somebody else."""
        return self._may(second_erasure, asked)

    def may_stop(self, asked: ErasingCase) -> bool:
        """Tell whether somebody here may stop it."""
        return self._may(stop_erasure, asked)

    # --- writing

    def ask(self, case: CaseId, why: str) -> None:
        """Ask to erase a case that is held here; durable on return.

        Raises:
            NoSuchPart: nothing of it is held here.
            ErasesNoCase, NoReasonToErase, ErasureAskedAlready, NobodyToSecond: see there.
        """
        journal = self._journal
        with journal.store.lock:
            self._need(case)
            before = [one.stage for one in self.of(case)]
            self._write(ask_erasure(journal.roster, journal.device, case, why, before))

    def second(self, case: CaseId, asked: FactId) -> None:
        """Sign, as a steward who is somebody else; durable on return."""
        self._decide(second_erasure, case, asked)

    def stop(self, case: CaseId, asked: FactId) -> None:
        """Stop it, as who asked or as a steward; durable on return."""
        self._decide(stop_erasure, case, asked)

    # --- inside

    def _held(self) -> Iterator[Held]:
        held, now = self._cases.held, self._journal.clock.now()
        for one in self._told.all():
            if held.find(one.case) is not None:
                yield Held(held.name(one.case), one, one.stage(now))

    def _need(self, case: CaseId) -> None:
        if self._cases.held.find(case) is None:
            raise NoSuchPart

    def _find(self, case: CaseId, asked: FactId) -> ErasingCase | None:
        return next((one.asked for one in self.of(case) if one.asked.id == asked), None)

    def _may(self, decide: Decide, asked: ErasingCase) -> bool:
        journal = self._journal
        try:
            decide(journal.roster, journal.device, asked, journal.clock.now())
        except Refused:
            return False
        return True

    def _decide(self, decide: Decide, case: CaseId, asked: FactId) -> None:
        journal = self._journal
        with journal.store.lock:
            found, now = self._find(case, asked), journal.clock.now()
            self._write(decide(journal.roster, journal.device, found, now))

    def _write(self, fact: CrewFact) -> None:
        journal = self._journal
        signer = journal.device, journal.secrets.signing_key()
        journal.write([crew_fact(journal.crew_vault, fact, journal.office, signer)])

    def _gone(self, one: Erased, asked: ErasingCase | None) -> Gone:
        journal = self._journal
        vaults = journal.keys.vaults()
        known = [vaults[VaultId(at)].known for at in one.vaults if VaultId(at) in vaults]
        readers = frozenset[DeviceId]().union(*known) & journal.roster.present()
        destroyed = asked.erased if asked else ()
        return Gone(
            case=CaseId(one.case),
            name=cases.case_name(CaseId(one.case), journal.lists.language),
            at=Instant(one.at),
            parts=one.parts,
            talks=one.talks,
            handed=tuple((Instant(each.at), each.recipient) for each in one.handed),
            asked=asked,
            destroyed=destroyed,
            silent=tuple(sorted(readers - {*destroyed})),
        )
