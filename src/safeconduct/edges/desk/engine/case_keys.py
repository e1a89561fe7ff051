# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opens case files, and gives one part's keys on (spec/crew.md 13).

The parcel goes to the relay first; then keys and facts become durable in one commit.  A cut in
between costs a parcel that no fact names.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from safeconduct.edges.desk.cases_api import Chosen
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.team_keys import (
    TRIES,
    KeepsWriting,
    circle_of,
    keep,
    need_common_steward,
    to_give_to,
)
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import CaseId, DeviceId, VaultId
from safeconduct.rooms import cases, crew
from safeconduct.rooms.cases import Part
from safeconduct.rooms.cases.events import CaseFact, Facts
from safeconduct.rooms.crew import Act, Team
from safeconduct.rooms.crew.case_facts import Place, case_id, vaults_of
from safeconduct.rooms.crew.cases import check_opening, need_home, open_case


def case_fact(vault: VaultId, event: CaseFact) -> Fact:
    """Return a fact of a case, ready to be written."""
    return Fact(vault, cases.kind_of(event), cases.version_of(event), cases.write_fact(event))


def nothing(_: CaseId) -> Facts:
    """Return what is written into a case that is only opened."""
    return ()


def open_file(
    journal: Journal,
    courier: Courier,
    readers: Mapping[Part, Chosen],
    also: Callable[[CaseId], Facts] = nothing,
) -> CaseId:
    """Open a case file whose parts these devices and teams read, and this device.

    `also` says what is written into it in the same commit; where it raises, nothing was opened.

    Raises:
        MayOpenNoCase, NotHere, TravelsLight, NoStewardReads: as `check_opening`.
        NoSuchTeam, TeamTravels: as `to_give_to`; NoCommonSteward: see there.
        CardsDisputed, KeepsWriting, StoreIsBehind: see there; nothing was opened.
        Unreachable: the relay does not answer; nothing was opened.
    """
    order = _shuffled(journal)
    chosen = [readers.get(part, Chosen()) for part in order]
    for _ in range(TRIES):
        with journal.store.lock:
            place = Place(journal.office, journal.device, journal.pen.sequence + 1, 0)
            act = _opening(journal, place, chosen)
        courier.put_parcel(act.parcel)
        with journal.store.lock:
            if journal.pen.sequence + 1 == place.sequence:
                keep(journal, act, _parts(place, order, also))
                return case_id(place)
    raise KeepsWriting


def _opening(journal: Journal, place: Place, chosen: Sequence[Chosen]) -> Act:
    away, formed = journal.keys.on_the_way(), journal.keys.facts().teams
    keys = to_give_to(journal, {team for one in chosen for team in one.teams})
    for one in chosen:
        need_common_steward(journal, one.teams)
    through = [_members(formed, one.teams) for one in chosen]
    devices = [one.devices for one in chosen]
    named = check_opening(journal.roster, journal.device, devices, away, through)
    readers = [
        crew.Recipients(sorted(some), {at: keys[at] for at in keys if at.vault in one.teams})
        for some, one in zip(named, chosen, strict=True)
    ]
    return open_case(circle_of(journal), place, readers, journal.rng)


def _members(formed: Mapping[VaultId, Team], teams: Collection[VaultId]) -> frozenset[DeviceId]:
    return frozenset[DeviceId]().union(*(formed[team].members for team in teams))


def _parts(place: Place, order: Sequence[Part], also: Callable[[CaseId], Facts]) -> list[Fact]:
    case, vaults = case_id(place), dict(zip(order, vaults_of(place, len(order)), strict=True))
    opened = [case_fact(vault, cases.PartOpened(case, one.value)) for one, vault in vaults.items()]
    return [*opened, *(case_fact(vaults[part], fact) for part, fact in also(case))]


def give_part(
    journal: Journal, courier: Courier, vault: VaultId, to: Chosen, said: CaseFact | None = None
) -> None:
    """Give all held keys of a vault to devices and teams, and say for which request.

    Raises:
        KeyError: a device does not stand, or no key of the vault is held.
        TravelsLight, NoSuchTeam, TeamTravels, NoCommonSteward: see there; nothing was given.
        Unreachable, CardsDisputed: nothing was given.
    """
    with journal.store.lock:
        need_home(journal.keys.on_the_way(), to.devices)
        vaults, held = journal.keys.vaults(), journal.keychain.sure()
        keys = crew.choose(held, [vaults[vault]], history=True)
        teams = to_give_to(journal, to.teams)
        if teams:
            need_common_steward(journal, {*to.teams, *vaults[vault].parents})
        members = _members(journal.keys.facts().teams, to.teams)
        others = crew.Recipients(sorted({*to.devices} - members), teams)
        act = crew.give(circle_of(journal), keys, others, vaults, journal.rng)
    courier.put_parcel(act.parcel)
    facts = [case_fact(journal.crew_vault, said)] if said is not None else []
    with journal.store.lock:
        keep(journal, act, facts)


def _shuffled(journal: Journal) -> list[Part]:
    """Return the parts in an order by chance, so that no vault's place tells its part."""
    drawn = [(journal.rng.bytes(16), part) for part in Part]
    return [part for _, part in sorted(drawn, key=lambda one: one[0])]
