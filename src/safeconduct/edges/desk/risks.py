# SPDX-License-Identifier: AGPL-3.0-or-later
"""The risk of cases at this desk, folded from the facts in the parts that it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from safeconduct.edges.desk.across_cases import AcrossCases
from safeconduct.edges.desk.case_links import CaseLinks
from safeconduct.edges.desk.cases import Cases
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.records import Records
from safeconduct.edges.desk.risks_api import CaseWaits
from safeconduct.kernel.words import CaseId, DeviceId, FactId, Instant, VaultId, instant_of
from safeconduct.rooms import cases
from safeconduct.rooms.cases import (
    CaseRisk,
    Part,
    RiskAssessed,
    RiskSeconded,
    SheetWritten,
    StageEntered,
    Told,
)
from safeconduct.rooms.cases.risk import RISK_PART, Assessment, Standing
from safeconduct.rooms.cases.risk_decide import Assessing, Seconding, assess, second
from safeconduct.rooms.cases.risk_due import (
    Event,
    Reason,
    Why,
    losses,
    off_record,
    sightings,
    unjudged,
    waits,
)
from safeconduct.rooms.crew.case_facts import OpenedCase
from safeconduct.rooms.crew.exports import are_apart

_NEVER: Final = Instant((1 << 63) - 1)


class Weighed(NamedTuple):
    """What was judged of a case, who of it was not, and what happened in it."""

    risk: CaseRisk
    nobody: tuple[Reason, ...]
    events: tuple[Event, ...]


class AsOf(NamedTuple):
    """What waits in a case from one time on until another."""

    of: Weighed
    since: Instant
    until: Instant
    waits: CaseWaits | None


class Risks:
    """Risk, over an open journal."""

    def __init__(self, journal: Journal, of: Cases, records: Records, links: CaseLinks) -> None:
        """Act for the device of this journal."""
        self._journal: Final = journal
        self._cases: Final = of
        self._records: Final = records
        self._links: Final = links
        kinds = RiskAssessed, RiskSeconded, SheetWritten, StageEntered
        self.across: Final = AcrossCases(
            journal, of.held, self._weigh, *kinds, hangs_on=lambda: journal.roster
        )
        self._waits: dict[CaseId, AsOf] = {}

    def risk(self, case: CaseId) -> CaseRisk:
        """Return what was judged of a case; it is empty where nothing of that can be read."""
        with self._journal.store.lock:
            opened = self._cases.held.find(case)
            return self._fold(opened) if opened else CaseRisk(case, ())

    def events(self, case: CaseId) -> Sequence[Event]:
        """Return what happened in a case that calls for a new assessment."""
        one = self.across.of(case)
        return _with(one, self._warnings(case).get(case, ())).events if one else ()

    def waiting(self) -> Sequence[CaseWaits]:
        """Return the cases held here about whose risk something waits, longest first."""
        now, before = self._journal.clock.now(), self._waits
        every, warnings = self.across.all().items(), self._warnings()
        more = {case: _with(one, warnings.get(case, ())) for case, one in every if one}
        self._waits = {
            case: self._as_of(now, case, one, before.get(case)) for case, one in more.items()
        }
        found = [one.waits for one in self._waits.values() if one.waits]
        return sorted(found, key=lambda one: (one.reasons[0].since, one.case))

    def may_second(self, assessment: Assessment) -> bool:
        """Tell whether an assessment waits, and somebody here is another person than made it."""
        waiting = assessment.stands and assessment.standing is Standing.OF_ONE
        return waiting and self._apart(self._journal.device, assessment.by)

    def assess(self, case: CaseId, typed: Assessing) -> None:
        """Judge in how great a danger a person is; durable on return."""
        with self._journal.store.lock:
            opened = self._cases.held.find(case)
            held = self._cases.held.parts(opened) if opened else {}
            record, now = self._records.record(case), self._journal.clock.now()
            self._cases.write(case, {RISK_PART: assess(record, held, typed, now)})

    def second(self, case: CaseId, assessment: FactId, said: Seconding) -> None:
        """Say the same as a second person, or another band; durable on return."""
        own = self._journal.device
        with self._journal.store.lock:
            risk = self.risk(case)
            fact = second(risk, assessment, said, by=own, apart=self._apart)
            self._cases.write(case, {RISK_PART: fact})

    def _fold(self, opened: OpenedCase) -> CaseRisk:
        held, language = self._cases.held, self._journal.lists.language
        parts = held.by_vault(opened)
        told = held.told(opened, RiskAssessed, RiskSeconded)
        return cases.fold_risk(opened.id, parts, told, language, apart=self._apart)

    def _weigh(
        self, case: CaseId, parts: Mapping[VaultId, Part], told: Sequence[Told]
    ) -> Weighed | None:
        opened, language = self._cases.held.find(case), self._journal.lists.language
        if opened is None or RISK_PART not in parts.values():
            return None
        record = cases.fold_record(case, parts, told, language)
        risk = cases.fold_risk(case, parts, told, language, apart=self._apart)
        risk = risk.without(off_record(record))
        nobody = unjudged(risk, record, instant_of(opened.hlc))
        journey = next(vault for vault, part in parts.items() if part is RISK_PART)
        stages = cases.fold_stages(case, journey, told)
        return Weighed(risk, nobody, (*sightings(record), *losses(stages)))

    def _as_of(self, now: Instant, case: CaseId, one: Weighed, before: AsOf | None) -> AsOf:
        """Return what waits now; it changes when a day comes, or the case does."""
        if before and before.of == one and before.since <= now < before.until:
            return before
        reasons = waits(one.risk, one.nobody, one.events, now)
        days = [of.due for person in one.risk.people for of in person.standing if of.due > now]
        name, band = self._cases.held.name(case), one.risk.band
        found = CaseWaits(case, name, band, reasons) if reasons else None
        return AsOf(one, now, min(days, default=_NEVER), found)

    def _warnings(self, of: CaseId | None = None) -> Mapping[CaseId, list[Event]]:
        """Return the bulletins that touch a conversation of a case, as far as links are read."""
        touched, across = self._journal.lists.touched.close(), self._links.across
        found: dict[CaseId, list[Event]] = {}
        every = across.all() if of is None else {of: across.of(of)}
        for case, links in every.items() if touched else ():
            for bulletin in (one for link in links or () for one in touched.get(link.talk, ())):
                told = bulletin.shown
                event = Event(Why.BULLETIN, told.fact, told.at)
                if event not in found.setdefault(case, []):
                    found[case].append(event)
        return found

    def _apart(self, one: DeviceId, other: DeviceId) -> bool:
        return are_apart(self._journal.roster, one, other)


def _with(one: Weighed, warnings: Sequence[Event]) -> Weighed:
    return one._replace(events=(*one.events, *warnings)) if warnings else one
