# SPDX-License-Identifier: AGPL-3.0-or-later
"""New keys after a removal, case by case (spec/crew.md 3 and 4)."""

from dataclasses import replace

import pytest

from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import DeviceId, VaultId
from safeconduct.rooms.crew import EpochOpened, KeyEpoch, KeysGranted, key_groups
from safeconduct.rooms.crew.acts import Act
from safeconduct.rooms.crew.parcel import PARCEL_MOST, open_parcel
from safeconduct.rooms.crew.rotation import STRIDE, WRAPPED_MOST, plan_rotation
from safeconduct.rooms.crew.vaults import OFFICE_KEY, Vault
from tests.kit.clocks import SeededRng
from tests.kit.vaults import VaultWorld


@pytest.fixture
def world() -> VaultWorld:
    return VaultWorld(4, "rotation")


def devices(world: VaultWorld) -> list[DeviceId]:
    return list(world.sealing)


def epochs(act: Act) -> set[VaultEpoch]:
    return set(act.keys)


def test_an_office_without_teams_gets_a_new_office_key_and_new_keys_of_its_vaults(
    world: VaultWorld,
) -> None:
    one, two, gone, _ = devices(world)
    roads = world.open("roads", [one, two, gone])
    other = world.open("houses", [one, two])
    world.gone.add(gone)
    plan = world.rotate(one)
    (act,) = plan.acts
    assert epochs(act) == world.at(OFFICE_KEY, world.crew, roads)
    assert {where.epoch // STRIDE for where in act.keys} == {1}
    assert not plan.left
    assert VaultEpoch(other, 1) in world.reads(two)
    facts = [telling.fact for telling in act.facts]
    assert {telling.vault for telling in act.facts} == {world.crew}
    assert all(isinstance(fact, EpochOpened) for fact in facts)
    held = {(key.id, key.epoch) for key in open_parcel(act.parcel, world.office, world.recovery)}
    assert held == {(OFFICE_KEY, 1), *act.keys}


def test_office_keys_chain_backwards_and_keys_of_teams_do_not(world: VaultWorld) -> None:
    one, two, three, four = devices(world)
    team = world.open("team", [one, two, three, four])
    for gone in (three, four):
        world.gone.add(gone)
        act = world.rotate(one).acts[0]
    own = {(key.id, key.epoch) for key in open_parcel(act.parcel, world.office, world.sealing[two])}
    assert [epoch // STRIDE for vault, epoch in sorted(own) if vault == OFFICE_KEY] == [0, 1, 2]
    assert {at for at in own if at[0] == team} == world.at(team)


def test_a_device_in_two_teams_that_is_removed_opens_nothing_new_of_either(
    world: VaultWorld,
) -> None:
    one, two, gone, _ = devices(world)
    first, second = world.open("team", [one, gone]), world.open("team", [one, two, gone])
    both = world.open("legal", (), [first, second])
    alone = [world.open("health", (), [team]) for team in (first, second)]
    could = world.forces(world.sealing[gone])
    world.gone.add(gone)
    roots, children = world.rotate(one).acts
    assert {first, second} < {where.vault for where in roots.keys}
    assert epochs(children) == world.at(both, *alone)
    granted = {telling.vault: telling.fact for telling in children.facts}
    for team, vault in zip((first, second), alone, strict=True):
        fact = granted[team]
        assert isinstance(fact, KeysGranted)
        assert fact.keys == key_groups(world.at(both, vault))
        assert fact.teams == tuple(KeyEpoch(*at) for at in world.at(team))
    assert world.forces(world.sealing[gone]) == could
    assert world.newest(world.reads(two)) == {OFFICE_KEY, world.crew, second, both, alone[1]}


def test_an_erased_vault_is_left_out_of_a_rotation(world: VaultWorld) -> None:
    one, _, gone, _ = devices(world)
    team = world.open("team", [one, gone])
    erased, live = (world.open("health", (), [team]) for _ in range(2))
    roads = world.open("roads", [one, gone])
    world.erased |= {erased, roads}
    world.gone.add(gone)
    plan = world.rotate(one)
    assert not plan.left
    renewed = {where.vault for act in plan.acts for where in act.keys}
    assert renewed == {OFFICE_KEY, world.crew, team, live}


def test_who_rotates_leaves_to_others_what_they_do_not_hold(world: VaultWorld) -> None:
    one, two, gone, _ = devices(world)
    mine, theirs = world.open("team", [one, gone]), world.open("team", [two, gone])
    vault = world.open("legal", (), [theirs])
    shared = world.open("health", (), [mine, theirs])
    world.gone.add(gone)
    assert world.rotate(one).left == {theirs, shared}
    assert world.rotate(two).left == {shared}
    assert world.reads(one).keys().isdisjoint(world.at(theirs, vault))
    assert world.newest(world.reads(one)) & world.newest(world.reads(two)) >= {shared}


def test_whoever_was_left_out_of_a_newer_key_does_not_rotate_it(world: VaultWorld) -> None:
    one, two, three, _ = devices(world)
    team = world.open("team", [one, two, three])
    world.gone.add(one)
    world.rotate(two)
    world.gone = {three}
    assert VaultEpoch(team, 1) in world.reads(one)
    assert team in world.plan(one).left


def test_a_vault_whose_epoch_none_can_follow_is_left_and_not_tried_for_ever(
    world: VaultWorld,
) -> None:
    one, two, gone, _ = devices(world)
    houses = world.open("houses", [one, two, gone])
    world.gone.add(gone)
    vaults = world.vaults()
    vaults[houses] = replace(vaults[houses], epoch=(1 << 32) - 1)
    held = {**world.keys, vaults[houses].newest: bytes(32)}
    plan = plan_rotation(world.circle, vaults.values(), held, world.rng)
    assert plan.left == {houses}
    assert houses not in {where.vault for act in plan.acts for where in act.keys}


def test_when_nobody_is_gone_nothing_is_planned(world: VaultWorld) -> None:
    one, two, *_ = devices(world)
    team = world.open("team", [one, two])
    world.open("legal", (), [team])
    plan = world.rotate(one)
    assert plan.acts == ()
    assert not plan.left


def test_newest_cases_come_first_and_no_act_outgrows_a_parcel(world: VaultWorld) -> None:
    one, *_ = devices(world)
    circle = replace(world.circle, devices={one: world.sealing[one].public})
    none: frozenset[DeviceId] = frozenset()
    gone, rng = frozenset({one, DeviceId(b"g" * 16)}), SeededRng("many")
    team = Vault(VaultId(b"t" * 16), "team", 1, frozenset(), True, gone, gone)
    legal = Vault(team.id, "legal", 1, frozenset({team.id}), True, none, gone)
    many = [replace(legal, id=VaultId(rng.bytes(16)), opened=at) for at in range(WRAPPED_MOST + 10)]
    plan = plan_rotation(circle, [team, *many], {team.newest: b"k" * 32}, rng)
    assert [len(act.keys) for act in plan.acts] == [1, WRAPPED_MOST, 10]
    assert all(len(act.parcel) < PARCEL_MOST for act in plan.acts)
    assert {where.vault for where in plan.acts[2].keys} == {vault.id for vault in many[:10]}


def test_a_team_that_was_given_a_vault_later_keeps_it(world: VaultWorld) -> None:
    one, two, gone, _ = devices(world)
    first, second = world.open("team", [one, gone]), world.open("team", [one, two])
    vault = world.open("journey", (), [first])
    world.give([vault], teams=[second])
    world.gone.add(gone)
    world.rotate(one)
    assert world.at(vault) <= world.reads(two).keys()


def test_what_hung_on_an_erased_team_too_goes_on_under_the_other(world: VaultWorld) -> None:
    one, two, gone, _ = devices(world)
    first, second = world.open("team", [one, gone]), world.open("team", [one, two])
    both, alone = (world.open("health", (), teams) for teams in ([first, second], [first]))
    world.erased.add(first)
    world.gone.add(gone)
    assert world.rotate(one).left == {alone}
    assert world.at(both) <= world.reads(two).keys()
