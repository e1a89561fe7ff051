# SPDX-License-Identifier: AGPL-3.0-or-later
"""Devices that travel light: what each left behind, and how a steward gives it back.

Pure, and the same in any order (spec/crew.md 12).  That the keys are gone from a device is done by
its desk; that nobody gives them to it meanwhile is held here, for every desk alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.errors import Refused
from safeconduct.kernel.words import DeviceId, FactId, VaultId
from safeconduct.rooms.crew.acts import Act, Circle, Telling, held_keys
from safeconduct.rooms.crew.grants import choose
from safeconduct.rooms.crew.packer import write_parcel
from safeconduct.rooms.crew.parcel import parcel_hash
from safeconduct.rooms.crew.travel_facts import ReturnAsked, TravelBegun, TravelEnded, TravelFact
from safeconduct.rooms.crew.vault_facts import KeysGranted, key_groups
from safeconduct.rooms.crew.vaults import keys_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from safeconduct.kernel.journal import VaultEpoch
    from safeconduct.kernel.ports import Rng
    from safeconduct.rooms.crew.parcel import HeldKey, VaultKeys
    from safeconduct.rooms.crew.vaults import Given, Vault

REASON: Final = "travel"


class NotAway(Refused):
    """This device left nothing behind, or was given it back."""

    code = "not_away"


class NotAsked(Refused):
    """Its keys are given back when the device asks for them, and not before."""

    code = "keys_not_asked"


class KeysNotHeld(Refused):
    """This desk holds whole nothing of what is still to be given back."""

    code = "keys_not_held"


class NobodyToGiveBack(Refused):
    """No other steward stands, with all keys, who could give back what is left behind."""

    code = "nobody_to_give_back"


class NobodyElseReads(Refused):
    """No other steward holds, by what facts say, every key of something that would be left."""

    code = "nobody_else_reads"


@dataclass(frozen=True, slots=True)
class Trip:
    """What a device left behind, which facts told of it, and whether it asks for it.

    `left` is what is still missing; `back` tells that a steward gave something of it back.
    """

    begun: tuple[FactId, ...]
    left: frozenset[VaultId]
    asked: bool
    back: bool = False


class TravelTold(NamedTuple):
    """A fact about a trip, or a steward's grant; who wrote it, and which fact it is."""

    by: DeviceId
    name: FactId
    fact: TravelFact | KeysGranted


class Trips(NamedTuple):
    """Who travels light, and in which parcels each device was given back what it had left."""

    away: Mapping[DeviceId, Trip]
    returned: Mapping[DeviceId, frozenset[bytes]]


NOBODY_AWAY: Final = Trips({}, {})


class Gift(NamedTuple):
    """What one steward gave a device back: of which trips, in which parcel, which vaults."""

    trips: tuple[bytes, ...]
    parcel: bytes
    vaults: frozenset[VaultId]


def fold_trips(told: Iterable[TravelTold]) -> Trips:
    """Return what facts that are sound come to; grants by stewards alone.

    A device is not given back by itself, whatever its role.  A trip ends vault by vault: by what
    the steward that ended it says to have laid into its parcel, and by nobody else's word.  What
    ends no trip of the device that it names counts for nothing: a steward who was forced once could
    else end trips to come.
    """
    told = list(told)
    begun: dict[DeviceId, dict[FactId, TravelBegun]] = {}
    asked: dict[DeviceId, int] = {}
    for by, name, fact in told:
        if isinstance(fact, TravelBegun):
            begun.setdefault(by, {})[name] = fact
        elif isinstance(fact, ReturnAsked):
            asked[by] = max(fact.number, asked.get(by, 0))
    given = _given(told)
    away: dict[DeviceId, Trip] = {}
    returned: dict[DeviceId, frozenset[bytes]] = {}
    for device, trips in begun.items():
        gifts = [one for one in given.get(device, ()) if not trips.keys().isdisjoint(one.trips)]
        trip = _trip(trips, gifts, asked.get(device, 0))
        if trip is not None:
            away[device] = trip
        returned[device] = frozenset(one.parcel for one in gifts)
    return Trips(away, returned)


def _given(told: Iterable[TravelTold]) -> dict[DeviceId, list[Gift]]:
    laid: dict[tuple[DeviceId, bytes, DeviceId], set[VaultId]] = {}
    ended: list[tuple[DeviceId, TravelEnded]] = []
    for by, _, fact in told:
        if isinstance(fact, TravelEnded) and fact.device != by:
            ended.append((by, fact))
        elif isinstance(fact, KeysGranted):
            for device in fact.devices:
                mine = laid.setdefault((by, fact.parcel, DeviceId(device)), set())
                mine.update(where.vault for where in keys_named(fact))
    given: dict[DeviceId, list[Gift]] = {}
    for by, fact in ended:
        device = DeviceId(fact.device)
        vaults = frozenset(laid.get((by, fact.parcel, device), ()))
        given.setdefault(device, []).append(Gift(fact.trips, fact.parcel, vaults))
    return given


def _trip(trips: Mapping[FactId, TravelBegun], given: Sequence[Gift], asked: int) -> Trip | None:
    """Return where a device is; None when all that it left was given back."""
    stands: list[FactId] = []
    left: set[VaultId] = set()
    for name, fact in trips.items():
        gifts = [one for one in given if name in one.trips]
        missing = {VaultId(vault) for vault in fact.vaults}.difference(*(g.vaults for g in gifts))
        if missing or not gifts:
            stands.append(name)
            left |= missing
    if not stands:
        return None
    number = max(trips[name].number for name in stands)
    newest = {name for name in stands if trips[name].number == number}
    back = any(not newest.isdisjoint(one.trips) for one in given)
    return Trip(tuple(sorted(stands)), frozenset(left), asked >= number, back)


def left_with(
    vaults: Mapping[VaultId, Vault], held: Iterable[VaultId], carried: frozenset[VaultId]
) -> frozenset[VaultId]:
    """Return what of the held vaults is left behind by who carries some.

    What hangs on a team goes with it: who carries the team's key can have the vault's at any time.
    """
    mine = frozenset(held)

    def goes(vault: VaultId) -> bool:
        known = vaults.get(vault)
        teams = known.parents & mine if known else frozenset[VaultId]()
        return vault in carried or not teams.isdisjoint(carried)

    return frozenset(vault for vault in mine if not goes(vault))


def left_with_teams(given: Given, device: DeviceId, left: frozenset[VaultId]) -> frozenset[VaultId]:
    """Return the vaults that a device had through teams whose keys it left: they are left as well.

    No fact of the trip names them; else they could be renewed for it by name once a team is dead.
    """
    return frozenset(
        where.vault
        for where, teams in given.teams.items()
        if any(team.vault in left and device in given.devices.get(team, ()) for team in teams)
    )


class Chest(NamedTuple):
    """What a steward's desk has to give: vaults as they are known, who was given what, and keys.

    `others` are keys of other kinds that go back with these: people's letters hang on them.
    `lapsed` are vaults of which the device gets no key newer than those that it was given.
    """

    vaults: Mapping[VaultId, Vault]
    given: Given
    held: VaultKeys
    others: Sequence[HeldKey]
    lapsed: frozenset[VaultId] = frozenset()


def give_back(circle: Circle, device: DeviceId, trip: Trip | None, chest: Chest, rng: Rng) -> Act:
    """Return the act that gives a device what it was ever given itself, with history.

    A vault is given whole or not at all: what this desk lacks a key of is left to another.
    What hangs on its teams comes with their keys.

    Raises:
        NotAway, NotAsked, KeysNotHeld: see there.
        KeyError: the device stands in no circle.
    """
    if trip is None:
        raise NotAway
    if not trip.asked:
        raise NotAsked
    named = _named(device, chest)
    vaults = _whole(named, chest)
    if trip.left.isdisjoint(vault.id for vault in vaults) and trip.left:
        raise KeysNotHeld
    keys: dict[VaultEpoch, bytes] = {
        where: key
        for where, key in choose(chest.held, vaults, history=True).items()
        if where.vault not in chest.lapsed or where in named[where.vault]
    }
    sealed = [*held_keys(keys), *chest.others]
    parcel = write_parcel(circle.packer(rng), REASON, [(circle.devices[device], sealed)])
    name = parcel_hash(parcel)
    facts = (
        TravelEnded(device, trip.begun, name),
        KeysGranted(key_groups(keys), name, (device,), ()),
    )
    return Act(parcel, tuple(Telling(circle.crew, fact) for fact in facts), {})


def _named(device: DeviceId, chest: Chest) -> dict[VaultId, set[VaultEpoch]]:
    """Return the keys that a device was given itself."""
    named: dict[VaultId, set[VaultEpoch]] = {}
    for where, to in chest.given.devices.items():
        if device in to:
            named.setdefault(where.vault, set()).add(where)
    return named


def _whole(named: Mapping[VaultId, set[VaultEpoch]], chest: Chest) -> list[Vault]:
    """Return the vaults of which no key is lacking here that the device gets back."""
    known = (chest.vaults[vault] for vault in sorted(named) if vault in chest.vaults)

    def wanted(vault: Vault) -> set[VaultEpoch]:
        newer = set() if vault.id in chest.lapsed else {vault.newest}
        return newer | named[vault.id]

    return [vault for vault in known if not vault.erased and wanted(vault) <= chest.held.keys()]
