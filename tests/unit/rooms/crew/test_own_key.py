# SPDX-License-Identifier: AGPL-3.0-or-later
"""A device's own sealing key, made anew (spec/crew.md 7)."""

import itertools

import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import BadKey, Malformed
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.crew import (
    EpochOpened,
    HeldKey,
    KeysGranted,
    Reader,
    held_keys,
    key_groups,
    take,
)
from safeconduct.rooms.crew.events import Signed, parse_fact
from safeconduct.rooms.crew.own_key import newest_sealing, rotate_own
from safeconduct.rooms.crew.parcel import NotForThisDevice, open_parcel
from safeconduct.rooms.crew.rotation import WRAPPED_MOST
from safeconduct.rooms.crew.vault_facts import SealingKeyRotated
from tests.kit.vaults import VaultWorld

NEW, OTHER = (SealingKey.from_seed(seed * 32) for seed in (b"n", b"o"))
ROTATED = SealingKeyRotated(NEW.public.raw, 1)


@pytest.fixture
def world() -> VaultWorld:
    return VaultWorld(3, "own key")


def test_all_keys_that_a_device_holds_are_sealed_to_its_new_key_alone(world: VaultWorld) -> None:
    one, two, _ = world.sealing
    world.open("legal", (), [world.open("team", [one])])
    keys = [*held_keys(world.reads(one)), HeldKey("intake", bytes(16), 1, b"i" * 32)]
    (act,) = rotate_own(world.circle, one, ROTATED, keys, world.rng)
    assert open_parcel(act.parcel, world.office, NEW) == tuple(keys)
    for sealing in (world.sealing[one], world.sealing[two], world.recovery):
        with pytest.raises(NotForThisDevice):
            open_parcel(act.parcel, world.office, sealing)
    rotated, granted = (telling.fact for telling in act.facts)
    assert rotated == ROTATED
    assert isinstance(granted, KeysGranted)
    assert granted.keys == key_groups((key.id, key.epoch) for key in keys[:-1])
    assert granted.devices == (one,)
    assert {telling.vault for telling in act.facts} == {world.crew}


def test_what_a_device_seals_to_itself_gives_nobody_anything_new(world: VaultWorld) -> None:
    one, two, gone = world.sealing
    team = world.open("team", [one, two, gone])
    vault = world.open("legal", (), [team])
    before, held = world.vaults(), world.reads(one)
    for act in rotate_own(world.circle, one, ROTATED, held_keys(held), world.rng):
        world.do(act)
    world.sealing[one] = NEW
    assert world.vaults() == before
    world.gone.add(gone)
    roots, children = world.rotate(two).acts
    with pytest.raises(NotForThisDevice):
        open_parcel(children.parcel, world.office, NEW)
    for act in (roots, children):
        for telling in act.facts:
            assert isinstance(telling.fact, EpochOpened | KeysGranted)
            held |= take(telling.fact, act.parcel, Reader(world.office, one, NEW, held))
    for at in world.at(vault):
        assert held[at] == world.keys[at]


def test_more_keys_than_one_act_takes_go_into_several(world: VaultWorld) -> None:
    one, *_ = world.sealing
    keys = [HeldKey("vault", b"v" * 16, epoch, b"k" * 32) for epoch in range(WRAPPED_MOST + 1)]
    first, second = rotate_own(world.circle, one, ROTATED, keys, world.rng)
    assert [len(act.facts) for act in (first, second)] == [2, 1]
    opened = (open_parcel(act.parcel, world.office, NEW) for act in (first, second))
    assert [*itertools.chain(*opened)] == keys
    (alone,) = rotate_own(world.circle, one, ROTATED, [], world.rng)
    assert alone.facts[0].fact == ROTATED


def test_the_newest_sealing_key_counts_in_any_order(world: VaultWorld) -> None:
    one, two, three = world.sealing
    cards = dict(world.circle.devices)
    told = [
        (one, SealingKeyRotated(NEW.public.raw, 2)),
        (one, SealingKeyRotated(OTHER.public.raw, 1)),
        (one, SealingKeyRotated(b"\0" * 1216, 3)),
        (two, SealingKeyRotated(NEW.public.raw, 1)),
        (two, SealingKeyRotated(OTHER.public.raw, 1)),
        (DeviceId(b"s" * 16), SealingKeyRotated(NEW.public.raw, 1)),
    ]
    greater = max(NEW.public.raw, OTHER.public.raw)
    for order in itertools.permutations(told):
        newest = newest_sealing(cards, order)
        assert {device: key.raw for device, key in newest.items()} == {
            one: NEW.public.raw,
            two: greater,
            three: cards[three].raw,
        }


def test_what_is_no_key_is_not_sealed_to(world: VaultWorld) -> None:
    one, *_ = world.sealing
    with pytest.raises(BadKey):
        rotate_own(world.circle, one, SealingKeyRotated(b"short", 1), [], world.rng)
    with pytest.raises(Malformed):
        parse_fact("crew.SealingKeyRotated", Signed(encode([b"key", -1]), one, b""))
