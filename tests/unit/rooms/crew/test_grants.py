# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening vaults, giving keys on, and taking what a parcel brings (spec/crew.md 3)."""

from dataclasses import replace

import pytest
from msgspec import structs

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.kernel.words import DeviceId, VaultId
from safeconduct.rooms.crew import (
    EpochOpened,
    HeldKey,
    KeyEpoch,
    KeyGroup,
    KeysGranted,
    VaultOpened,
)
from safeconduct.rooms.crew.acts import Telling
from safeconduct.rooms.crew.grants import (
    NotATeam,
    Recipients,
    TeamIsRecoverable,
    choose,
    give,
    open_vaults,
)
from safeconduct.rooms.crew.packer import write_parcel
from safeconduct.rooms.crew.parcel import (
    NotForThisDevice,
    open_parcel,
    open_team_parcel,
    parcel_hash,
)
from safeconduct.rooms.crew.taking import ParcelDiffers, Reader, take
from safeconduct.rooms.crew.vaults import OFFICE_KEY, Heard, VaultKind, fold_vaults
from tests.kit.vaults import VaultWorld


@pytest.fixture
def world() -> VaultWorld:
    return VaultWorld(3, "grants")


def devices(world: VaultWorld) -> tuple[DeviceId, DeviceId, DeviceId]:
    one, two, three = world.sealing
    return one, two, three


def two_epochs(world: VaultWorld) -> tuple[VaultId, VaultId]:
    """A team and a vault of it, both with a new key since a colleague left the team."""
    one, _, three = devices(world)
    team = world.open("team", [one, three])
    vault = world.open("legal", (), [team])
    world.gone.add(three)
    world.rotate(one)
    return team, vault


def test_what_hangs_on_a_team_is_told_in_the_vault_of_the_team_alone(world: VaultWorld) -> None:
    one, two, _ = devices(world)
    teams = sorted(world.open("team", [device]) for device in (one, two))
    began = len(world.told)
    vault = world.open("identity", (), teams)
    told = [telling for _, telling in world.told[began:]]
    opened = VaultOpened(vault, "identity", tuple(teams), 1)
    assert told[:2] == [Telling(team, opened) for team in teams]
    for team, telling in zip(teams, told[2:], strict=True):
        assert telling.vault == team
        assert isinstance(telling.fact, KeysGranted)
        assert telling.fact.keys == (KeyGroup(1, vault),)
        assert telling.fact.teams == (KeyEpoch(team, 1),)
        assert telling.fact.devices == ()


def test_one_parcel_opens_for_a_device_for_a_team_and_for_recovery(world: VaultWorld) -> None:
    one, two, three = devices(world)
    team = world.open("team", [one])
    vault, roads = (VaultId(world.rng.bytes(16)) for _ in range(2))
    openings = {
        VaultOpened(vault, "health", (team,), 1): [two],
        VaultOpened(roads, "roads", (), 1): [two],
    }
    act = open_vaults(world.circle, openings, world.vaults(), world.keys, world.rng)
    health, way = (act.keys[VaultEpoch(id_, 1)] for id_ in (vault, roads))
    own = open_parcel(act.parcel, world.office, world.sealing[two])
    assert {(key.id, key.key) for key in own} == {(vault, health), (roads, way)}
    key = SharedKey(world.keys[VaultEpoch(team, 1)])
    assert open_team_parcel(act.parcel, world.office, key) == {VaultEpoch(vault, 1): health}
    recovered = open_parcel(act.parcel, world.office, world.recovery)
    assert recovered == (HeldKey("vault", roads, 1, way),)
    for stranger in (one, three):
        with pytest.raises(NotForThisDevice):
            open_parcel(act.parcel, world.office, world.sealing[stranger])


def test_what_is_not_recoverable_does_not_open_for_recovery(world: VaultWorld) -> None:
    one, *_ = devices(world)
    team = world.open("team", [one], recoverable=False)
    vault = world.open("testimony", (), [team], recoverable=False)
    roads = world.open("roads", [one], recoverable=False)
    recovered = {where.vault for where in world.forces(world.recovery)}
    assert recovered == {OFFICE_KEY, world.crew}
    assert {where.vault for where in world.reads(one)} == recovered | {team, vault, roads}


@pytest.mark.parametrize(
    ("kind", "parent", "recoverable", "error"),
    [
        ("legal", "roads", 1, NotATeam),
        ("legal", "unknown", 1, NotATeam),
        ("legal", "erased team", 1, NotATeam),
        ("team", "team", 1, NotATeam),
        ("legal", "team", 0, TeamIsRecoverable),
    ],
)
def test_a_vault_hangs_on_teams_that_are_live_and_as_recoverable(
    world: VaultWorld, kind: str, parent: str, recoverable: int, error: type[Refused]
) -> None:
    one, *_ = devices(world)
    known = {name: world.open(name, [one]) for name in ("team", "roads")}
    known |= {"unknown": VaultId(b"u" * 16), "erased team": world.open("team", [one])}
    world.erased.add(known["erased team"])
    opened = VaultOpened(b"v" * 16, kind, (known[parent],), recoverable)
    with pytest.raises(error):
        open_vaults(world.circle, {opened: []}, world.vaults(), world.keys, world.rng)


def test_a_grant_from_now_gives_the_newest_keys_and_one_with_history_all(world: VaultWorld) -> None:
    one, two, _ = devices(world)
    team, vault = two_epochs(world)
    held, told = world.reads(one), world.vaults()
    now = choose(held, [told[team], told[vault]], history=False)
    assert set(now) == world.at(team, vault)
    everything = choose(held, [told[team], told[vault]], history=True)
    assert set(everything) == set(now) | {VaultEpoch(team, 1), VaultEpoch(vault, 1)}
    for keys in (now, everything):
        world.do(give(world.circle, keys, Recipients([two], {}), told, world.rng))
        assert {w: k for w, k in world.reads(two).items() if w.vault in (team, vault)} == keys


def test_who_joins_a_team_from_now_opens_what_is_under_its_newest_key(world: VaultWorld) -> None:
    _, two, _ = devices(world)
    team, vault = two_epochs(world)
    world.give([team], [two])
    mine = {where for where in world.reads(two) if where.vault in (team, vault)}
    assert mine == world.at(team, vault)
    assert two in world.vaults()[vault].known


def test_nothing_is_given_of_an_erased_vault(world: VaultWorld) -> None:
    one, *_ = devices(world)
    vault = world.open("roads", [one])
    assert choose(world.reads(one), world.vaults().values(), history=True).keys() >= {
        VaultEpoch(vault, 1)
    }
    world.erased.add(vault)
    given = choose(world.reads(one), world.vaults().values(), history=True)
    assert vault not in {where.vault for where in given}


def test_a_team_is_given_a_vault_that_it_did_not_have(world: VaultWorld) -> None:
    one, two, _ = devices(world)
    first, second = world.open("team", [one]), world.open("team", [two])
    vault = world.open("contact", (), [first])
    world.give([vault], teams=[second], history=True)
    assert world.reads(two)[VaultEpoch(vault, 1)] == world.keys[VaultEpoch(vault, 1)]
    assert world.vaults()[vault].known == {one, two}
    for device in (one, two):
        seen = world.vaults(world.reads(device))[vault]
        assert (seen.kind, seen.parents) == ("contact", frozenset({first, second}))


def test_a_device_takes_no_key_that_the_fact_does_not_name(world: VaultWorld) -> None:
    one, *_ = devices(world)
    reader = Reader(world.office, one, world.sealing[one], {})
    key, office, other = VaultId(b"v" * 16), OFFICE_KEY, VaultId(b"w" * 16)
    held = [
        *(HeldKey("office", office, epoch, b"o" * 32) for epoch in (1, 2, 3)),
        *(HeldKey("vault", id_, 1, b"k" * 32) for id_ in (office, key, other)),
        HeldKey("later", key, 2, b"l" * 32),
    ]
    sealing = world.sealing[one].public
    parcel = write_parcel(world.circle.packer(world.rng), "r", [(sealing, held)])
    named = parcel_hash(parcel)
    granted = KeysGranted((KeyGroup(1, key), KeyGroup(2, key)), named, (one,), ())
    assert take(granted, parcel, reader) == {VaultEpoch(key, 1): b"k" * 32}
    opened = EpochOpened(office, 2, named, (one,))
    assert take(opened, parcel, reader) == {VaultEpoch(office, e): b"o" * 32 for e in (1, 2)}
    assert take(EpochOpened(other, 1, named, (one,)), parcel, reader) == {
        VaultEpoch(other, 1): b"k" * 32
    }
    assert not take(structs.replace(granted, devices=()), parcel, reader)
    assert not take(structs.replace(opened, devices=()), parcel, reader)


def test_a_parcel_that_the_fact_does_not_name_is_refused(world: VaultWorld) -> None:
    one, *_ = devices(world)
    reader = Reader(world.office, one, world.sealing[one], {})
    parcel = write_parcel(world.circle.packer(world.rng), "r", [])
    with pytest.raises(ParcelDiffers):
        take(KeysGranted((), b"p" * 32, (), ()), parcel, reader)
    with pytest.raises(NotForThisDevice):
        take(KeysGranted((), parcel_hash(parcel), (one,), ()), parcel, reader)
    team = VaultEpoch(VaultId(b"t" * 16), 1)
    member = replace(reader, held={team: b"k" * 32})
    fact = KeysGranted((), parcel_hash(parcel), (), (KeyEpoch(*team),))
    assert not take(fact, parcel, reader)
    with pytest.raises(NotForThisDevice):
        take(fact, parcel, member)


def test_the_kinds_of_vault_are_those_of_the_spec() -> None:
    assert [kind.value for kind in VaultKind] == [
        *("crew", "hotline", "stewards", "houses", "roads", "abroad", "journeys"),
        *("team", "case"),
        *("identity", "contact", "journey", "testimony", "legal", "health"),
    ]


def test_an_old_epoch_that_is_told_later_is_not_the_newest(world: VaultWorld) -> None:
    one, two, _ = devices(world)
    team, vault = two_epochs(world)
    old = VaultEpoch(vault, 1)
    to = Recipients([two], {})
    world.do(give(world.circle, {old: world.keys[old]}, to, world.vaults(), world.rng))
    assert world.vaults()[vault].epoch > 1
    assert world.vaults()[vault].known == {one}
    assert world.at(team) <= world.reads(one).keys()


def test_what_a_vault_hangs_on_hangs_on_no_clock() -> None:
    vault, team, other = VaultId(b"v" * 16), VaultId(b"t" * 16), VaultId(b"u" * 16)
    granted = KeysGranted((KeyGroup(1, vault),), b"p" * 32, (), (KeyEpoch(team, 1),))
    openings = [VaultOpened(vault, "legal", (parent,), 1) for parent in (team, other)]
    for times in ((5, 6), (6, 5)):
        heard = [Heard(7, granted), *map(Heard, times, openings)]
        assert fold_vaults(heard)[vault].parents == {team}


def test_a_vault_whose_opening_was_not_heard_is_not_known() -> None:
    granted = KeysGranted((KeyGroup(1, b"v" * 16),), b"p" * 32, (b"d" * 16,), ())
    assert fold_vaults([Heard(1, granted)]) == {}


def test_to_a_team_goes_what_hangs_on_teams_that_are_as_recoverable(world: VaultWorld) -> None:
    one, two, _ = devices(world)
    team, hidden = world.open("team", [one]), world.open("team", [two], recoverable=False)
    secret = world.open("legal", (), [hidden], recoverable=False)
    for vault, teams, error in (
        (world.open("roads", [one]), [team], NotATeam),
        (team, [hidden], NotATeam),
        (secret, [world.crew], NotATeam),
        (secret, [team], TeamIsRecoverable),
    ):
        with pytest.raises(error):
            world.give([vault], teams=teams)
