# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who travels light, what goes along with what, and what is given back (spec/crew.md 12)."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import Malformed
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import DeviceId, FactId, VaultId, fact_id
from safeconduct.rooms.crew import Given, HeldKey, kind_of, open_parcel, write_fact
from safeconduct.rooms.crew.acts import Gifts
from safeconduct.rooms.crew.events import SIGNED, Signed, parse_fact
from safeconduct.rooms.crew.rotation import plan_rotation
from safeconduct.rooms.crew.travel import (
    Chest,
    KeysNotHeld,
    NotAsked,
    NotAway,
    TravelTold,
    Trip,
    fold_trips,
    give_back,
    left_with,
)
from safeconduct.rooms.crew.travel_facts import ReturnAsked, TravelBegun, TravelEnded, TravelFact
from safeconduct.rooms.crew.vault_facts import KeysGranted, key_groups
from safeconduct.rooms.crew.vaults import keys_named
from tests.kit.builders import build_office
from tests.kit.vaults import VaultWorld

A, B, C = (DeviceId(letter * 16) for letter in (b"a", b"b", b"c"))
TEAM, HOUSES = VaultId(b"t" * 16), VaultId(b"h" * 16)
PARCEL, OTHER = b"p" * 32, b"o" * 32
ONE, TWO, NEVER = (fact_id(name * 32, 1) for name in (b"1", b"2", b"n"))


def gave(*vaults: VaultId, parcel: bytes = PARCEL, by: DeviceId = B) -> TravelTold:
    """What a steward's desk says to have laid into a parcel for A."""
    keys = key_groups(VaultEpoch(vault, 1) for vault in vaults)
    return says(by, KeysGranted(keys, parcel, (A,), ()))


@pytest.mark.parametrize(
    ("fact", "fields"),
    [
        (TravelBegun(2, (TEAM,)), [2, [TEAM]]),
        (ReturnAsked(2), [2]),
        (TravelEnded(A, (ONE, TWO), PARCEL), [A, [ONE, TWO], PARCEL]),
    ],
)
def test_a_fact_about_a_trip_has_the_fields_of_the_spec(
    fact: TravelFact, fields: list[object]
) -> None:
    office = build_office()
    signer = office.devices[0]
    signed = SIGNED.decode(write_fact(fact, office.id, signer.id, signer.signing))
    assert signed.fact == encode(fields)
    assert parse_fact(kind_of(fact), signed) == fact
    with pytest.raises(Malformed):
        parse_fact(kind_of(fact), Signed(encode([*fields, 0]), signer.id, b""))


FIRST = TravelTold(A, ONE, TravelBegun(1, (TEAM,)))
SECOND = TravelTold(A, TWO, TravelBegun(2, (HOUSES,)))
BOTH = TravelTold(A, ONE, TravelBegun(1, (TEAM, HOUSES)))
AGAIN = TravelTold(A, TWO, TravelBegun(2, (TEAM,)))
EMPTY = TravelTold(A, TWO, TravelBegun(2, ()))


def says(by: DeviceId, fact: TravelFact | KeysGranted) -> TravelTold:
    """Something that a device says and that no other fact names."""
    return TravelTold(by, fact_id(b"s" * 32, 0), fact)


def ends(
    *trips: FactId, by: DeviceId = B, device: DeviceId = A, parcel: bytes = PARCEL
) -> TravelTold:
    """What ends some trips of a device."""
    return says(by, TravelEnded(device, trips, parcel))


@pytest.mark.parametrize(
    ("told", "trip"),
    [
        ([FIRST], Trip((ONE,), frozenset({TEAM}), asked=False)),
        ([FIRST, says(A, ReturnAsked(1))], Trip((ONE,), frozenset({TEAM}), asked=True)),
        ([FIRST, says(B, ReturnAsked(1))], Trip((ONE,), frozenset({TEAM}), asked=False)),
        ([FIRST, ends(ONE, by=A)], Trip((ONE,), frozenset({TEAM}), asked=False)),
        (
            [FIRST, SECOND, says(A, ReturnAsked(1))],
            Trip((ONE, TWO), frozenset({TEAM, HOUSES}), asked=False),
        ),
        ([FIRST, ends(ONE), gave(TEAM)], None),
        ([FIRST, ends(ONE)], Trip((ONE,), frozenset({TEAM}), asked=False, back=True)),
        (
            [BOTH, ends(ONE), gave(TEAM), gave(HOUSES, by=A), gave(HOUSES, parcel=OTHER)],
            Trip((ONE,), frozenset({HOUSES}), asked=False, back=True),
        ),
        (
            [
                *(BOTH, ends(ONE), gave(TEAM)),
                *(ends(ONE, by=C, parcel=OTHER), gave(HOUSES, parcel=OTHER, by=C)),
            ],
            None,
        ),
        (
            [BOTH, ends(ONE), gave(TEAM), AGAIN, says(A, ReturnAsked(2))],
            Trip((ONE, TWO), frozenset({TEAM, HOUSES}), asked=True),
        ),
        ([FIRST, SECOND, ends(ONE, TWO), gave(TEAM, HOUSES)], None),
        ([FIRST, SECOND, ends(ONE), gave(TEAM)], Trip((TWO,), frozenset({HOUSES}), asked=False)),
        ([FIRST, SECOND, ends(TWO), gave(HOUSES)], Trip((ONE,), frozenset({TEAM}), asked=False)),
        ([FIRST, EMPTY, ends(ONE), gave(TEAM)], Trip((TWO,), frozenset(), asked=False)),
        ([ends(ONE), says(A, ReturnAsked(0))], None),
    ],
)
def test_who_is_away_is_the_same_in_any_order(told: list[TravelTold], trip: Trip | None) -> None:
    for order in itertools.permutations(told):
        assert fold_trips(order).away.get(A) == trip


@pytest.mark.parametrize(
    "nothing",
    [ends(NEVER), ends(), ends(ONE, by=A), ends(ONE, by=A, device=B), ends(ONE, device=C)],
)
def test_end_that_names_no_trip_of_its_device_ends_nothing_in_any_order(
    nothing: TravelTold,
) -> None:
    other = TravelTold(C, NEVER, TravelBegun(1, (TEAM,)))
    for order in itertools.permutations([FIRST, SECOND, other, nothing, gave(TEAM, HOUSES)]):
        found = fold_trips(order)
        assert found.away[A] == Trip((ONE, TWO), frozenset({TEAM, HOUSES}), asked=False)
        assert found.away[C] == Trip((NEVER,), frozenset({TEAM}), asked=False)
        assert not any(found.returned.values())


def test_parcels_that_gave_back_are_known_and_none_of_ones_own() -> None:
    own = says(A, TravelEnded(A, (ONE,), OTHER))
    never = says(B, TravelEnded(A, (NEVER,), OTHER))
    assert fold_trips([FIRST, ends(ONE), own, never]).returned == {A: frozenset({PARCEL})}


def test_what_hangs_on_a_team_goes_with_the_team() -> None:
    world = VaultWorld(1)
    (one,) = world.sealing
    team, other = world.open("team", [one]), world.open("team", [one])
    case, shared = world.open("identity", (), [team]), world.open("identity", (), [team, other])
    houses = world.open("houses", [one])
    held = {team, other, case, shared, houses}
    vaults = world.vaults()
    assert left_with(vaults, held, frozenset()) == held
    assert left_with(vaults, held, frozenset({team})) == {other, houses}
    assert left_with(vaults, held, frozenset({other, houses})) == {team, case}


def test_no_act_gives_a_device_what_it_left_behind() -> None:
    world = VaultWorld(2)
    one, two = sorted(world.sealing)
    houses = world.open("houses", [one, two])
    circle = replace(world.circle, away={two: frozenset({houses})})
    (act,) = plan_rotation(
        circle, world.vaults().values(), world.keys, world.rng, old=frozenset({houses})
    ).acts
    world.do(act)
    where = world.vaults()[houses].newest
    assert where in world.reads(one)
    assert where not in world.reads(two)
    gifts = Gifts(circle)
    gifts.to_devices([one, two], where, world.keys[where])
    (grant,) = gifts.grants(gifts.parcel("grant", world.rng))
    assert grant.fact.devices == (one,)  # type: ignore[union-attr]


def chest(world: VaultWorld, device: DeviceId, vault: VaultId) -> Chest:
    """What a desk has that holds everything, and what facts say that a device was given."""
    given = Given()
    for where in world.keys:
        given.devices[where] = frozenset({device} if where.vault == vault else ())
    others = (HeldKey("intake", bytes(16), 1, b"i" * 32),)
    return Chest(world.vaults(), given, world.keys, others)


def test_all_that_a_device_was_given_comes_back_with_history_in_one_parcel() -> None:
    world = VaultWorld(2)
    one, two = sorted(world.sealing)
    houses = world.open("houses", [one, two])
    rotation = plan_rotation(
        world.circle, world.vaults().values(), world.keys, world.rng, old=frozenset({houses})
    )
    world.do(rotation.acts[0])
    trip = Trip((ONE, TWO), frozenset({houses}), asked=True)
    act = give_back(world.circle, two, trip, chest(world, two, houses), world.rng)
    ended, granted = (telling.fact for telling in act.facts)
    assert isinstance(ended, TravelEnded)
    assert (ended.device, ended.trips) == (two, (ONE, TWO))
    assert granted.parcel == ended.parcel  # type: ignore[union-attr]
    found = open_parcel(act.parcel, world.office, world.sealing[two])
    both = {where: key for where, key in world.keys.items() if where.vault == houses}
    assert len(both) == 2
    assert {VaultEpoch(VaultId(k.id), k.epoch): k.key for k in found if k.kind == "vault"} == both
    assert [key.key for key in found if key.kind == "intake"] == [b"i" * 32]


def test_what_was_not_asked_for_or_is_not_held_is_not_given() -> None:
    world = VaultWorld(2)
    one, two = sorted(world.sealing)
    houses = world.open("houses", [one, two])
    has = chest(world, two, houses)
    with pytest.raises(NotAway):
        give_back(world.circle, two, None, has, world.rng)
    not_asked = Trip((ONE,), frozenset({houses}), asked=False)
    with pytest.raises(NotAsked):
        give_back(world.circle, two, not_asked, has, world.rng)
    with pytest.raises(KeysNotHeld):
        give_back(
            world.circle,
            two,
            Trip((ONE,), frozenset({houses}), asked=True),
            has._replace(held={}),
            world.rng,
        )


def test_a_vault_of_which_one_key_is_lacking_is_left_to_another_steward() -> None:
    world = VaultWorld(2)
    one, two = sorted(world.sealing)
    houses, roads = world.open("houses", [one, two]), world.open("roads", [one, two])
    vaults = world.vaults().values()
    rotation = plan_rotation(world.circle, vaults, world.keys, world.rng, old=frozenset({houses}))
    for act in rotation.acts:
        world.do(act)
    trip, given = Trip((ONE,), frozenset({houses, roads}), asked=True), Given()
    for where in world.keys:
        given.devices[where] = frozenset({two} if where.vault in {houses, roads} else ())
    newest = {at: key for at, key in world.keys.items() if at != VaultEpoch(houses, 1)}
    has = Chest(world.vaults(), given, newest, ())
    granted = give_back(world.circle, two, trip, has, world.rng).facts[1].fact
    assert [where.vault for where in keys_named(granted)] == [roads]  # type: ignore[arg-type]
    granted = (
        give_back(world.circle, two, trip, has._replace(held=world.keys), world.rng).facts[1].fact
    )
    assert {at.vault for at in keys_named(granted)} == {houses, roads}  # type: ignore[arg-type]
