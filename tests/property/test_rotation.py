# SPDX-License-Identifier: AGPL-3.0-or-later
"""After a removal: whoever remains opens what they could, and whoever is gone nothing new."""

import random
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from safeconduct.kernel.words import DeviceId, VaultId
from safeconduct.rooms.crew.rotation import plan_rotation
from safeconduct.rooms.crew.vaults import fold_vaults
from tests.kit.clocks import SeededRng
from tests.kit.vaults import VaultWorld

Id = TypeVar("Id", DeviceId, VaultId)
CASE = ("identity", "contact", "journey", "testimony", "legal", "health")


@dataclass
class Removal:
    """An office before somebody is removed, and who rotates, in which order."""

    world: VaultWorld
    gone: DeviceId
    turns: list[DeviceId]


def some_of(draw: st.DrawFn, things: list[Id], least: int = 0) -> list[Id]:
    """Some of these, at least so many."""
    if not things:
        return []
    return draw(st.lists(st.sampled_from(things), min_size=least, max_size=3, unique=True))


@st.composite
def removals(draw: st.DrawFn) -> Removal:
    """Any mix of teams, of vaults that hang on them, and of vaults for named devices."""
    world = VaultWorld(draw(st.integers(2, 4)))
    devices = sorted(world.sealing)
    teams = {
        world.open("team", some_of(draw, devices, 1), recoverable=recoverable): recoverable
        for recoverable in draw(st.lists(st.booleans(), max_size=3))
    }
    for _ in range(draw(st.integers(0, 2))):
        world.open("roads", some_of(draw, devices, 1), recoverable=draw(st.booleans()))
    for kind in draw(st.lists(st.sampled_from(CASE), max_size=5)) if teams else []:
        parents = some_of(draw, list(teams), 1)
        recoverable = any(teams[team] for team in parents)
        vault = world.open(kind, some_of(draw, devices), parents, recoverable=recoverable)
        others = [team for team in teams if recoverable or not teams[team]]
        if draw(st.booleans()):
            world.give([vault], some_of(draw, devices), some_of(draw, others))
    turns = draw(st.permutations(devices))
    return Removal(world, turns[0], list(turns[1:]))


def still_open(told: Removal) -> set[VaultId]:
    """What who is gone opens as it is now, and somebody who remains could have renewed."""
    world = told.world
    opened = world.newest(world.forces(world.sealing[told.gone]))
    vaults, holds = world.vaults(), [world.newest(world.reads(device)) for device in told.turns]
    return {id_ for id_ in opened if any((vaults[id_].parents or {id_}) <= held for held in holds)}


@given(removals())
def test_who_remains_opens_what_they_could_and_who_is_gone_nothing_new(told: Removal) -> None:
    world = told.world
    before = {device: world.newest(world.reads(device)) for device in world.sealing}
    could = world.forces(world.sealing[told.gone])
    world.gone.add(told.gone)
    for device in told.turns:
        world.rotate(device)
    assert world.forces(world.sealing[told.gone]) == could
    after = {device: world.newest(world.reads(device)) for device in told.turns}
    assert after == {device: before[device] for device in told.turns}
    assert not still_open(told)


@given(removals())
def test_after_every_turn_each_device_that_remains_opens_what_it_could(told: Removal) -> None:
    world = told.world
    before = {device: world.newest(world.reads(device)) for device in told.turns}
    world.gone.add(told.gone)
    for by in told.turns:
        world.rotate(by)
        assert {device: world.newest(world.reads(device)) for device in told.turns} == before


@given(removals())
def test_recovery_opens_what_it_may_before_and_after(told: Removal) -> None:
    world = told.world
    world.gone.add(told.gone)
    for by in (None, *told.turns):
        if by is not None:
            world.rotate(by)
        opened = world.newest(world.forces(world.recovery))
        assert opened == {vault.id for vault in world.vaults().values() if vault.recoverable}


@given(removals(), st.data())
def test_a_rotation_is_taken_up_where_it_stopped(told: Removal, data: st.DataObject) -> None:
    world, by = told.world, told.turns[0]
    world.gone.add(told.gone)
    plan = world.plan(by)
    done = data.draw(st.integers(0, len(plan.acts)), label="acts that were done")
    for act in plan.acts[:done]:
        world.do(act)
    rest = world.rotate(by)
    assert rest.left == plan.left
    named = [{where.vault for where in act.keys} for act in plan.acts[done:]]
    assert [{where.vault for where in act.keys} for act in rest.acts] == named
    assert not world.rotate(by).acts


@given(removals(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_known_does_not_matter(told: Removal, chance: random.Random) -> None:
    world, by = told.world, told.turns[0]
    world.gone.add(told.gone)
    held = world.reads(by)
    vaults, keys = list(world.vaults(held).values()), list(held.items())
    one = plan_rotation(world.circle, vaults, held, SeededRng("order"))
    for things in (vaults, keys):
        chance.shuffle(things)
    other = plan_rotation(world.circle, vaults, dict(keys), SeededRng("order"))
    assert other.left == one.left
    assert [act.keys for act in other.acts] == [act.keys for act in one.acts]
    assert [len(act.parcel) for act in other.acts] == [len(act.parcel) for act in one.acts]


@given(removals(), st.data())
def test_vaults_are_the_same_in_any_order_of_facts(told: Removal, data: st.DataObject) -> None:
    world = told.world
    world.gone.add(told.gone)
    world.rotate(told.turns[0])
    heard = world.heard(world.keys)
    assert fold_vaults(data.draw(st.permutations(heard))) == fold_vaults(heard)


@given(removals(), st.data())
def test_two_who_rotate_at_once_agree_in_the_end(told: Removal, data: st.DataObject) -> None:
    world, (one, *_) = told.world, told.turns
    other = data.draw(st.sampled_from(told.turns), label="who rotates at once")
    before = {device: world.newest(world.reads(device)) for device in told.turns}
    world.gone.add(told.gone)
    plans = [world.plan(one), world.plan(other)]
    for plan in data.draw(st.permutations(plans)):
        for act in plan.acts:
            assert world.keys.keys().isdisjoint(act.keys)
            world.do(act)
    for by in told.turns:
        world.rotate(by)
    assert {device: world.newest(world.reads(device)) for device in told.turns} == before
    assert not still_open(told)
