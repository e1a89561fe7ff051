# SPDX-License-Identifier: AGPL-3.0-or-later
"""Case files at this desk: reads what its keys open, and writes facts into the parts' vaults.

Nothing is kept for this beside the facts.  A case of which no vault is held is found nowhere here
(`held_cases`), so that no list, count or answer can tell it from one that was never opened.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any, Final

from safeconduct.edges.desk import case_audit
from safeconduct.edges.desk.audit_api import CanSee, Reported
from safeconduct.edges.desk.cases_api import Chosen, Shown
from safeconduct.edges.desk.engine import case_keys, readings
from safeconduct.edges.desk.engine.held_cases import FACT, JOINED, HeldCases, told_in
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.judge import At
from safeconduct.edges.desk.removals import Removals
from safeconduct.edges.desk.store_facts import COUNTS
from safeconduct.edges.desk.teams import Teams, of_vault
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import CaseId, CommitId, DeviceId, FactId, VaultId
from safeconduct.rooms import cases, crew
from safeconduct.rooms.cases import Beginning, CaseFile, Part, Request
from safeconduct.rooms.cases.decide import AskedNoMore, MayNotWrite, NoSuchPart
from safeconduct.rooms.cases.events import Facts, PartFact
from safeconduct.rooms.crew import KeysGranted, Role
from safeconduct.rooms.crew.case_facts import OpenedCase
from safeconduct.rooms.crew.cases import NobodyChosen, NotHere
from safeconduct.rooms.crew.claims import parse_claim
from safeconduct.rooms.crew.decide import CASE_OPENERS, CASE_WRITERS, HELPERS, proposed
from safeconduct.rooms.crew.holders import holders, merged

NO_TEAMS: Final[Mapping[Part, Collection[VaultId]]] = {}
REQUESTS_MOST: Final = 200
"""So many of the newest are looked at."""
_OF_REQUESTS: Final = (
    f"{FACT}, c.sequence {JOINED}WHERE e.conversation IS NULL AND c.state = {COUNTS} "
    "AND e.kind = ? ORDER BY e.no DESC LIMIT ?"
)
_GRANTS: Final = (
    "SELECT slot, body, version FROM entries WHERE \"commit\" = ? AND kind = 'crew.KeysGranted'"
)

Names = Mapping[str, Callable[[], Mapping[Part, VaultId]]]
"""Cases by the names that people compare; each tells its parts' vaults, read when first asked."""


class Cases:
    """Case files, over an open journal."""

    def __init__(self, journal: Journal, removals: Removals, online: Callable[[], Courier]) -> None:
        """Act for the device of this journal; `online` raises Unreachable without a relay."""
        self._journal: Final = journal
        self._removals: Final = removals
        self._store: Final = journal.store
        self._online: Final = online
        self.held: Final = HeldCases(journal)

    # --- reading

    def files(self, *, start: int, most: int) -> tuple[Sequence[CaseFile], int]:
        """Return the cases of which something can be read here, newest first, and how many."""
        with self._store.lock:
            held = self.held.all()
            shown = held[start : start + most]
            return [file for one in shown if (file := self._fold(one))], len(held)

    def case(self, case: CaseId) -> CaseFile | None:
        """Return what can be read of a case; None when that is nothing, or there is none."""
        with self._store.lock:
            found = self.held.find(case)
            return self._fold(found) if found else None

    def _fold(self, opened: OpenedCase) -> CaseFile | None:
        told = self.held.told(opened, cases.PartOpened, cases.NoteWritten)
        return cases.fold_case(Beginning(*opened), self.held.name(opened.id), told)

    def who_can_see(self, case: CaseId, part: Part) -> CanSee:
        """Return who holds keys of a part that can be read here.

        Raises:
            NoSuchPart: there is no such part, or it cannot be read here.
        """
        vault = _need_part(self.case(case), part)
        journal, history = self._journal, self._removals.key_history()
        known = journal.keys.vaults().get(vault)
        reach = merged([history.readers(vault)])
        cards = known is not None and known.recoverable
        return CanSee(holders(journal.roster, reach), cards, of_vault(journal, vault))

    def opened(self, file: CaseFile) -> None:
        """Remember that somebody here looked at these parts; colleagues are told later."""
        readings.note(self._journal, file)

    def reported(
        self, case: CaseId, part: Part, *, start: int, most: int
    ) -> tuple[Sequence[Reported], int]:
        """Return what desks reported of a part that can be read here, newest first, and how many.

        Raises:
            NoSuchPart: there is no such part, or it cannot be read here.
        """
        vault = _need_part(self.case(case), part)
        found = case_audit.reported(self._store, case, vault)
        return found[start : start + most], len(found)

    def asked_for(self, case: CaseId, part: Part) -> Sequence[Request]:
        """Return the requests for the keys of a part that can be read here, newest first."""
        name = cases.plain_name(self.held.name(case))
        with self._store.lock:
            asked = self._requests()
        return [one for one in asked if one.part is part and cases.plain_name(one.case) == name]

    def may_open(self) -> bool:
        """Tell whether somebody here may open a case file."""
        return bool(self._journal.roster.roles(self._journal.device) & CASE_OPENERS)

    def may_write(self) -> bool:
        """Tell whether somebody here may write into the parts that can be read."""
        return bool(self._journal.roster.roles(self._journal.device) & CASE_WRITERS)

    def proposed(self) -> Mapping[Part, Collection[DeviceId]]:
        """Return the devices that are proposed for each part of a new case file."""
        roster, away = self._journal.roster, self._journal.keys.on_the_way()
        return {part: proposed(roster, part.value, away) for part in Part}

    # --- writing

    def open(
        self,
        readers: Mapping[Part, Collection[DeviceId]],
        teams: Mapping[Part, Collection[VaultId]] = NO_TEAMS,
    ) -> CaseId:
        """Open a case file; keys go to these devices and teams, and to this one; durable then."""
        chosen = {part: Chosen(readers.get(part, ()), teams.get(part, ())) for part in Part}
        return self.open_with(chosen)

    def open_with(
        self,
        readers: Mapping[Part, Chosen],
        also: Callable[[CaseId], Facts] = case_keys.nothing,
    ) -> CaseId:
        """Open a case file with what stands in it from its first commit on; durable on return."""
        return case_keys.open_file(self._journal, self._online(), readers, also)

    def givable(self, case: CaseId, part: Part) -> Chosen:
        """Return the devices and teams that could be given a part that can be read here.

        Raises:
            NoSuchPart: there is no such part, or it cannot be read here.
        """
        journal = self._journal
        with self._store.lock:
            vault = _need_part(self.case(case), part)
            known, given = journal.keys.vaults()[vault], journal.keys.facts().given
            home = journal.roster.present() - journal.keys.on_the_way() - known.known
            devices = [one for one in home if journal.roster.roles(one) & HELPERS]
            have = {team.vault for team in given.teams.get(known.newest, ())}
            there = of_vault(journal, vault)
            teams = [
                team.id
                for team in Teams(journal, self._online).usable()
                if team.id not in have and crew.share_a_steward(journal.roster, (team, *there))
            ]
            return Chosen(devices, teams)

    def give(self, case: CaseId, part: Part, to: Chosen) -> None:
        """Give a part that can be read here to devices and teams; durable on return."""
        with self._store.lock:
            vault = _need_part(self.case(case), part)
            if not to.devices and not to.teams:
                raise NobodyChosen
            if not frozenset(to.devices) <= self._journal.roster.present():
                raise NotHere
        case_keys.give_part(self._journal, self._online(), vault, to)

    def note(self, case: CaseId, part: Part, text: str) -> None:
        """Write into a part; raises the room's refusals, and nothing is kept then."""
        with self._store.lock:
            file = self.case(case)
            _need_part(file, part)
            assert file is not None
            self.write(case, {part: cases.write_note(file, part, text)})

    def write(self, case: CaseId, facts: Mapping[Part, PartFact]) -> None:
        """Write a fact into each of some parts, in one commit; durable on return.

        Raises:
            NoSuchPart: one of them cannot be read here; nothing was written.
            MayNotWrite: nobody here may write into any.
        """
        self.write_all({case: facts})

    def write_all(self, facts: Mapping[CaseId, Mapping[Part, PartFact]]) -> None:
        """Write into parts of several cases, in one commit; durable on return.

        Raises:
            NoSuchPart, MayNotWrite: see `write`.
        """
        self.write_each([(case, *one) for case, some in facts.items() for one in some.items()])

    def write_each(
        self,
        facts: Iterable[tuple[CaseId, Part, PartFact]],
        also: Callable[[int], None] | None = None,
    ) -> None:
        """Write facts into parts in one commit, in this order; `also` as for `Journal.write`.

        Raises:
            NoSuchPart, MayNotWrite: see `write`.
        """
        with self._store.lock:
            told = []
            for case, part, one in facts:
                opened = self.held.find(case)
                vault = self.held.parts(opened).get(part) if opened else None
                if vault is None:
                    raise NoSuchPart
                told.append(case_keys.case_fact(vault, one))
            if not self.may_write():
                raise MayNotWrite
            self._journal.write(told, also)

    # --- requests for keys

    def requests(self) -> Sequence[Shown]:
        """Return the requests for keys that this desk shows, newest first.

        One that travels light shows those alone that it can answer: others tell what is missing.
        """
        journal = self._journal
        light = journal.device in journal.keys.travelling()
        steward = Role.STEWARD in journal.roster.roles(journal.device)
        with self._store.lock:
            asked = self._requests()
            names = self._by_name() if asked else {}
            shown = [self._shown(one, names) for one in asked]
        return [one for one in shown if one.holds or (not light and (steward or one.mine))]

    def _requests(self) -> tuple[Request, ...]:
        told = [
            one
            for kind in ("cases.KeysAsked", "cases.KeysAnswered")
            for row in self._store.rows(_OF_REQUESTS, (kind, REQUESTS_MOST))
            if not self._refused(row)
            if (one := told_in(row, self._gave(row))) is not None
        ]
        return cases.fold_requests(told, self._person)

    def _refused(self, row: Sequence[Any]) -> bool:
        commit, _, slot, vault, device, _, kind, *_, sequence = row
        at = At(commit, DeviceId(device), sequence)
        return bool(self._journal.judge.refusal(at, slot, kind, vault))

    def _gave(self, row: Sequence[Any]) -> frozenset[DeviceId]:
        """Return whom facts of the same commit give keys to."""
        commit, no, _, _, device, *_ = row
        found: set[DeviceId] = set()
        for slot, body, version in self._store.rows(_GRANTS, (no,)):
            told = crew.Told(
                CommitId(commit), DeviceId(device), "crew.KeysGranted", body, version, 0, slot
            )
            claim = parse_claim(told)
            if claim is not None and isinstance(claim.fact, KeysGranted):
                found |= {DeviceId(one) for one in claim.fact.devices}
        return frozenset(found)

    def _person(self, device: DeviceId) -> object:
        member = self._journal.roster.members.get(device)
        return member.person if member else device

    def _by_name(self) -> Names:
        """Return the cases of which something is held."""
        return {
            cases.plain_name(self.held.name(one.id)): cache(partial(self.held.parts, one))
            for one in self.held.all()
        }

    def _shown(self, request: Request, names: Names) -> Shown:
        own = self._person(self._journal.device)
        mine = self._person(request.by) == own
        holds = not mine and self._asked_for(request, names) is not None
        answered = any(self._person(said.by) == own for said in request.answers)
        return Shown(request, mine, holds, answered, request.by in self._journal.keys.on_the_way())

    def _asked_for(self, request: Request, names: Names) -> VaultId | None:
        """Return the vault that a request is for, if its keys are held here."""
        parts = names.get(cases.plain_name(request.case))
        return parts().get(request.part) if parts else None

    def to_answer(self) -> int:
        """Return how many requests wait for an answer that somebody here can give."""
        own = self._person(self._journal.device)
        with self._store.lock:
            away = self._journal.keys.on_the_way()
            waiting = [
                one
                for one in self._requests()
                if not one.given
                and one.by not in away
                and all(self._person(by) != own for by in (one.by, *(a.by for a in one.answers)))
            ]
            names = self._by_name() if waiting else {}
            return sum(self._asked_for(one, names) is not None for one in waiting)

    def ask(self, name: str, part: Part, reason: str) -> None:
        """Ask for the keys of a part; the same whether or not there is such a case."""
        fact = cases.ask(name, part, reason)
        self._journal.write([case_keys.case_fact(self._journal.crew_vault, fact)])

    def answer(self, request: FactId, *, give: bool, word: str) -> None:
        """Give the keys that somebody asked for, or say that they are not given."""
        with self._store.lock:
            found = next((one for one in self._requests() if one.fact == request), None)
            if found is None or found.by not in self._journal.roster.present():
                raise AskedNoMore
            names = self._by_name()
            shown, vault = self._shown(found, names), self._asked_for(found, names)
            said = cases.answer(found, given=give, own=shown.mine, word=word)
            if vault is None:
                raise NoSuchPart
            if not give:
                self._journal.write([case_keys.case_fact(self._journal.crew_vault, said)])
                return
        case_keys.give_part(self._journal, self._online(), vault, Chosen([found.by]), said)


def _need_part(file: CaseFile | None, part: Part) -> VaultId:
    found = file.part(part) if file else None
    if found is None:
        raise NoSuchPart
    return found.vault
