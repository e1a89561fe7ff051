# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every kind of fact, by every role, standing, removed and not yet joined (spec/crew.md 1).

The table is written out here a second time: a change to `WRITERS` shows as a change of rights.
"""

from dataclasses import replace
from functools import cache
from typing import get_args

import pytest

from safeconduct.edges.desk.engine.judge import Judge
from safeconduct.kernel.words import VaultId, fact_id
from safeconduct.rooms.cases.events import KINDS as CASES
from safeconduct.rooms.cases.events import PartFact
from safeconduct.rooms.crew import Role, Roster, Told, fold, may_write
from safeconduct.rooms.crew.asking_facts import (
    CaseErased,
    ErasureAsked,
    ErasureStopped,
    ExportAsked,
    TakenBack,
)
from safeconduct.rooms.crew.backup_facts import BackedUp
from safeconduct.rooms.crew.card_facts import RecoverySplit, RecoveryUsed
from safeconduct.rooms.crew.case_facts import CaseOpened
from safeconduct.rooms.crew.decide import WRITERS, NotASteward, rooms_of
from safeconduct.rooms.crew.events import (
    KINDS,
    CommitAdopted,
    CrewFact,
    Cut,
    DeviceAdmitted,
    DeviceExpelled,
    DeviceReadmitted,
    DeviceSuspended,
    DoorsWritten,
    EpochOpened,
    Followed,
    RoleGranted,
    Seconded,
    kind_of,
)
from safeconduct.rooms.crew.move_facts import RelayMoved, RelayRestored
from safeconduct.rooms.crew.role_changes import GIVEN, change_roles
from safeconduct.rooms.crew.team_facts import KeysRenewed, TeamFormed
from safeconduct.rooms.crew.tracing_facts import TracingOpened
from safeconduct.rooms.crew.travel_facts import ReturnAsked, TravelBegun, TravelEnded
from safeconduct.rooms.crew.vault_facts import (
    KeysGranted,
    SealingKeyRotated,
    VaultOpened,
    key_groups,
)
from safeconduct.rooms.duty.events import KINDS as DUTY
from safeconduct.rooms.hotline.events import KINDS as HOTLINE
from safeconduct.rooms.passage.events import KINDS as PASSAGE
from safeconduct.rooms.passage.watch.check_in_facts import KINDS as WATCH
from tests.kit.builders import Device, build_device, founding_fact
from tests.kit.crews import OPERATOR, Crew

LATER = "figures"
MAY = {
    Role.STEWARD: {"crew", "hotline", "duty", "cases", "passage", "watch", LATER},
    Role.OPERATOR: {"hotline", "duty", "watch", LATER},
    Role.CASE_WORKER: {"hotline", "duty", "cases", "watch", LATER},
    Role.COORDINATOR: {"hotline", "duty", "cases", "passage", "watch", LATER},
    Role.DOCUMENTER: {"cases", LATER},
    Role.LEGAL: {"cases", LATER},
    Role.ANALYST: {LATER},
    Role.LINE: set[str](),
}
"""Which rooms' facts a role may write; `figures` stands for every room that is not named."""
OPENERS = {Role.STEWARD, Role.CASE_WORKER}
OF_MONEY = tuple(
    f"cases.{one}" for one in ("GrantWritten", "LimitSet", "LimitSeconded", "DonorReportMade")
)
IN_CREW = {
    *("cases.KeysAsked", "cases.KeysAnswered", "cases.FormBrought", "cases.FormEnded", *OF_MONEY)
}
"""What is of cases and stands in the vault of the crew."""
APART = {
    "cases.KeysAnswered": set(Role) - {Role.LINE},
    "cases.KeysAsked": set(Role) - {Role.LINE},
    "cases.PartOpened": OPENERS,
    "cases.PartRead": set(Role) - {Role.LINE},
    "crew.CaseOpened": OPENERS,
    "cases.OwnFileSeconded": {Role.STEWARD},
    "crew.CaseErased": set(Role) - {Role.LINE},
    "crew.ErasureAsked": OPENERS,
    "crew.ErasureStopped": set(Role) - {Role.LINE},
    "crew.ExportAsked": set(Role) - {Role.LINE},
    "crew.TakenBack": set(Role) - {Role.LINE},
    "duty.HoursSet": {Role.STEWARD},
    "duty.PagerPlaceSet": {Role.STEWARD},
    "hotline.ConversationsExported": set(Role) - {Role.LINE},
    "crew.KeysGranted": set(Role) - {Role.LINE},
    "crew.ReturnAsked": set(Role) - {Role.LINE},
    "crew.SealingKeyRotated": set(Role),
    "crew.TravelBegun": set(Role) - {Role.LINE},
    "hotline.ConversationsOpened": set(Role) - {Role.LINE},
    "hotline.FirstWordsApproved": {Role.STEWARD},
    **{key: {Role.STEWARD} for key in ("cases.FormBrought", "cases.FormEnded")},
    **{key: {Role.STEWARD, Role.COORDINATOR} for key in OF_MONEY},
    "hotline.GuardedWordsSet": {Role.STEWARD},
    "hotline.LineSet": {Role.STEWARD},
    "hotline.RetentionDue": set(Role) - {Role.LINE},
    "hotline.RetentionExtended": set(Role) - {Role.LINE},
    "hotline.RetentionHeld": {Role.STEWARD},
    "hotline.RetentionHoldEnded": {Role.STEWARD},
    "hotline.RetentionSet": {Role.STEWARD},
    "hotline.SearchesMade": set(Role) - {Role.LINE},
    **{
        f"passage.{kind}": {Role.STEWARD, Role.COORDINATOR, Role.CASE_WORKER}
        for kind in ("CallTicked", "GoSaid", "SheetVerified")
    },
}
"""Kinds that others may write than their room says."""
ALONE = {
    *("DeviceAdmitted", "EpochOpened", "DeviceSuspended", "DeviceExpelled", "CommitAdopted"),
    "VaultOpened",
    *("RelayMoved", "RelayRestored"),
}
"""What changes something when one of several stewards signs it alone."""
PLACES = ("standing", "removed", "not joined")
EVERY = [*KINDS, *HOTLINE, *CASES, *DUTY, *PASSAGE, *WATCH, "figures.Counted"]


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
    assert set(WRITERS) == {"crew", "hotline", "duty", "cases", "passage", "watch"}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", EVERY)
def test_who_may_write_what(kind: str, role: Role, place: str) -> None:
    _, new, _, places = rosters(role)
    room = kind.partition(".")[0]
    allowed = role in APART[kind] if kind in APART else room in MAY[role]
    expected = place == "standing" and allowed
    assert may_write(places[place], new.id, kind) == expected


@pytest.mark.parametrize("role", GIVEN)
def test_role_that_was_granted_gives_what_the_table_says_and_no_more(role: Role) -> None:
    crew = Crew(2, 1)
    a, b, c = crew.devices
    crew.works(c)
    if role is not Role.OPERATOR:
        crew.second(b, crew.grant(a, c, (role.value,)))
    roster = crew.roster()
    assert roster.roles(c.id) == {role}
    for kind in EVERY:
        room = kind.partition(".")[0]
        allowed = role in APART[kind] if kind in APART else room in MAY[role]
        assert may_write(roster, c.id, kind) == allowed
    assert may_write(roster, c.id, "hotline.NoteWritten", 1)
    assert rooms_of(role) == MAY[role] - {LATER}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", Role)
def test_who_may_ask_that_a_colleague_have_another_role(role: Role, place: str) -> None:
    _, new, other, places = rosters(role)
    legal = frozenset({Role.LEGAL})
    if role is Role.STEWARD and place == "standing":
        assert change_roles(places[place], new.id, other.id, legal).roles == ("legal",)
    else:
        with pytest.raises(NotASteward):
            change_roles(places[place], new.id, other.id, legal)


@pytest.mark.parametrize("kind", EVERY)
def test_which_facts_may_stand_in_the_vault_of_a_team(kind: str) -> None:
    crew, *_ = rosters(Role.STEWARD)
    team = VaultId(b"t" * 16)
    roster = replace(crew.roster(), teams=frozenset({team}))
    judge = Judge(roster, crew.office.crew, crew.office.hotline)
    places = {
        "hotline": {crew.office.hotline},
        "duty": {crew.office.hotline},
        "watch": {crew.office.hotline},
        "crew": {crew.office.crew},
        "passage": set[VaultId](),
    }
    expected = places.get(kind.partition(".")[0], {crew.office.crew, crew.office.hotline, team})
    if kind.startswith("cases."):
        expected = {crew.office.crew} if kind in IN_CREW else set()
        expected = {team} if kind == "cases.TableKept" else expected
    if kind in {"crew.VaultOpened", "crew.KeysGranted"}:
        expected |= {team}
    by = crew.devices[0].id
    allowed = {
        vault
        for vault in (crew.office.crew, crew.office.hotline, team)
        if judge.allows(by, kind, vault)
    }
    assert allowed == expected
    elsewhere = kind in {
        "figures.Counted",
        *PASSAGE,
        *(f"cases.{one.__name__}" for one in get_args(PartFact)),
    }
    assert judge.allows(by, kind, VaultId(b"o" * 16)) == elsewhere


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
        DoorsWritten(2, (Followed(other.id, crew.told[-1].id, "suspended"),)),
        VaultOpened(b"v" * 16, "team", (), 1),
        KeysGranted(key_groups([(crew.office.hotline, 7)]), b"p" * 32, (other.id,), ()),
        SealingKeyRotated(b"s" * 1216, 1),
        TravelBegun(1, (crew.office.hotline,)),
        ReturnAsked(1),
        TravelEnded(other.id, (crew.told[-1].id,), b"p" * 32),
        RecoverySplit(other.signing.public.raw, other.sealing.public.raw, 1, 1, b"k" * 16, ()),
        RecoveryUsed(1, (crew.told[-1].id,)),
        RelayMoved("http://anew", other.signing.public.raw, 2, 1, b"s" * 16, 3, b"r" * 32, ()),
        RelayRestored(b"k" * 1984, 4, b"r" * 32, 3),
        CaseOpened(6, 1),
        ExportAsked((b"c" * 16,), "for the court", "the lawyer"),
        TakenBack(fact_id(b"c" * 32, 0), b"h" * 32),
        ErasureAsked(b"c" * 16, "office"),
        ErasureStopped(fact_id(b"c" * 32, 0), b"h" * 32),
        CaseErased(fact_id(b"c" * 32, 0)),
        TracingOpened(2, "somebody floods"),
        BackedUp(b"h" * 32, 3, 7),
        TeamFormed(b"v" * 16, "night", (other.id,), (), ()),
        KeysRenewed(key_groups([(crew.office.hotline, 7)]), b"p" * 32, (other.id,), ()),
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
