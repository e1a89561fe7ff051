# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every kind of fact, by every role, standing, removed and not yet joined (spec/crew.md 1).

The table is written out here a second time: a change to `WRITERS` shows as a change of rights.
"""

from dataclasses import replace
from functools import cache

import pytest

from safeconduct.edges.desk.engine.judge import Judge
from safeconduct.kernel.words import VaultId, fact_id
from safeconduct.rooms.crew import Role, Roster, Told, fold, may_write
from safeconduct.rooms.crew.card_facts import RecoverySplit, RecoveryUsed
from safeconduct.rooms.crew.decide import WRITERS
from safeconduct.rooms.crew.events import (
    KINDS,
    CommitAdopted,
    CrewFact,
    Cut,
    DeviceAdmitted,
    DeviceExpelled,
    DeviceReadmitted,
    DeviceSuspended,
    EpochOpened,
    RoleGranted,
    Seconded,
    kind_of,
)
from safeconduct.rooms.crew.move_facts import RelayMoved, RelayRestored
from safeconduct.rooms.crew.vault_facts import (
    KeysGranted,
    SealingKeyRotated,
    VaultOpened,
    key_groups,
)
from safeconduct.rooms.hotline.events import KINDS as HOTLINE
from tests.kit.builders import Device, build_device, founding_fact
from tests.kit.crews import OPERATOR, Crew

MAY = {
    Role.STEWARD: {"crew", "hotline", "cases"},
    Role.OPERATOR: {"hotline", "cases"},
    Role.CASE_WORKER: {"hotline", "cases"},
    Role.COORDINATOR: {"hotline", "cases"},
    Role.DOCUMENTER: {"cases"},
    Role.LEGAL: {"cases"},
    Role.ANALYST: {"cases"},
    Role.LINE: set[str](),
}
"""Which rooms' facts a role may write; `cases` stands for every room that is not named."""
APART = {
    "crew.KeysGranted": set(Role) - {Role.LINE},
    "crew.SealingKeyRotated": set(Role),
}
"""Kinds that others may write than their room says."""
ALONE = {
    *("DeviceAdmitted", "EpochOpened", "DeviceSuspended", "DeviceExpelled", "CommitAdopted"),
    "VaultOpened",
    *("RelayMoved", "RelayRestored"),
}
"""What changes something when one of several stewards signs it alone."""
PLACES = ("standing", "removed", "not joined")
EVERY = [*KINDS, *HOTLINE, "cases.CaseOpened"]


@cache
def rosters(role: Role) -> tuple[Crew, Device, Device, dict[str, Roster]]:
    """An office of two stewards, an operator and somebody with this role, and its rosters."""
    crew = Crew(2, 1, seed=role.value)
    new = build_device(crew.office.id, "new", crew.office.rng)
    before = crew.roster()
    told = crew.admit(crew.devices[0], new, (role.value,))
    crew.second(crew.devices[1], told)
    crew.devices.append(new)
    joined = crew.roster()
    crew.suspend(crew.devices[0], Cut(new.id, 0, bytes(32)))
    places = {"standing": joined, "removed": crew.roster(), "not joined": before}
    return crew, new, crew.devices[2], places


def test_every_role_stands_in_the_table() -> None:
    assert set(MAY) == set(Role)
    assert set(WRITERS) == {"crew", "hotline"}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", EVERY)
def test_who_may_write_what(kind: str, role: Role, place: str) -> None:
    _, new, _, places = rosters(role)
    room = kind.partition(".")[0]
    allowed = role in APART[kind] if kind in APART else room in MAY[role]
    expected = place == "standing" and allowed
    assert may_write(places[place], new.id, kind) == expected


@pytest.mark.parametrize("kind", EVERY)
def test_which_facts_may_stand_in_the_vault_of_a_team(kind: str) -> None:
    crew, *_ = rosters(Role.STEWARD)
    team = VaultId(b"t" * 16)
    roster = replace(crew.roster(), teams=frozenset({team}))
    judge = Judge(roster, crew.office.crew, crew.office.hotline)
    places = {"hotline": {crew.office.hotline}, "crew": {crew.office.crew}}
    expected = places.get(kind.partition(".")[0], {crew.office.crew, crew.office.hotline, team})
    if kind in {"crew.VaultOpened", "crew.KeysGranted"}:
        expected |= {team}
    by = crew.devices[0].id
    allowed = {
        vault
        for vault in (crew.office.crew, crew.office.hotline, team)
        if judge.allows(by, kind, vault)
    }
    assert allowed == expected
    assert not judge.allows(by, kind, VaultId(b"o" * 16)) or kind == "cases.CaseOpened"


def facts(crew: Crew, other: Device) -> list[CrewFact]:
    """One fact of each kind, that would change something if it counted."""
    card = build_device(crew.office.id, "another", crew.office.rng).known.card
    cut = crew.cut(other)
    return [
        founding_fact(crew.office),
        DeviceAdmitted(card, "somebody", OPERATOR),
        EpochOpened(crew.office.hotline, 7, b"p" * 32, ()),
        DeviceSuspended((cut,), ""),
        DeviceExpelled((cut,), ""),
        DeviceReadmitted(cut, (crew.told[-1].id,)),
        RoleGranted(other.id, ("legal",), ()),
        Seconded(fact_id(b"c" * 32, 0), b"h" * 32),
        CommitAdopted(b"c" * 32, (0,)),
        VaultOpened(b"v" * 16, "team", (), 1),
        KeysGranted(key_groups([(crew.office.hotline, 7)]), b"p" * 32, (other.id,), ()),
        SealingKeyRotated(b"s" * 1216, 1),
        RecoverySplit(other.signing.public.raw, other.sealing.public.raw, 1, 1, b"k" * 16, ()),
        RecoveryUsed(1, (crew.told[-1].id,)),
        RelayMoved("http://anew", other.signing.public.raw, 2, 1, b"s" * 16, 3, b"r" * 32, ()),
        RelayRestored(b"k" * 1984, 4, b"r" * 32, 3),
    ]


def effect(roster: Roster) -> tuple[object, ...]:
    """What a roster means, without the lists of what was told."""
    who = (roster.members, roster.removed, roster.stewards, roster.founded)
    recovery, server = (roster.cards, roster.uses), (roster.moves, roster.restores)
    rest = roster.epochs, roster.parcels, roster.adopted, roster.teams
    return (*who, *rest, *recovery, *server)


@cache
def effects(role: Role, place: str) -> dict[str, bool]:
    """Which facts of somebody with this role change a roster."""
    crew, new, other, _ = rosters(role)
    last = {"standing": -1, "removed": None, "not joined": -3}[place]
    before: list[Told] = crew.told[:last]
    was = effect(fold(crew.office.id, before, crew.held))
    found = {}
    for fact in facts(crew, other):
        told = crew.office.write_crew(new, fact)
        found[kind_of(fact)] = effect(fold(crew.office.id, [*before, told], crew.held)) != was
    return found


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", KINDS)
def test_whose_roster_facts_change_the_roster(kind: str, role: Role, place: str) -> None:
    expected = place == "standing" and "crew" in MAY[role] and kind.partition(".")[2] in ALONE
    assert effects(role, place)[kind] == expected
