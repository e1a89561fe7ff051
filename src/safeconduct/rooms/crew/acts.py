# SPDX-License-Identifier: AGPL-3.0-or-later
"""Acts that give keys: what goes to whom, as one parcel and the facts that name it.

Pure: whoever makes an act brings its parcel to the relay and writes its facts (spec/crew.md 3).
What is told about keys for devices stands in the vault `crew`, what is told about keys for a team
in the vault of that team.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from safeconduct.kernel.seal.lock import SharedKey
from safeconduct.rooms.crew.packer import Packer, TeamWrap, write_parcel
from safeconduct.rooms.crew.parcel import HeldKey, VaultKeys, parcel_hash
from safeconduct.rooms.crew.team_facts import KeysRenewed
from safeconduct.rooms.crew.vault_facts import KeyEpoch, KeyGroup, KeysGranted, key_groups
from safeconduct.rooms.crew.vaults import OFFICE_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from safeconduct.kernel.journal import VaultEpoch
    from safeconduct.kernel.ports import Rng
    from safeconduct.kernel.seal.lock import SealingPublicKey
    from safeconduct.kernel.words import DeviceId, OfficeId, VaultId
    from safeconduct.rooms.crew.events import CrewFact


@dataclass(frozen=True, slots=True)
class Circle:
    """Who is given keys: the devices that stand, each with its newest sealing key, and recovery."""

    office: OfficeId
    office_key: bytes
    crew: VaultId
    devices: Mapping[DeviceId, SealingPublicKey]
    recovery: SealingPublicKey
    away: Mapping[DeviceId, frozenset[VaultId]] = field(default_factory=dict)
    """What devices that travel light left behind: no act but that of giving back gives it."""
    cases: AbstractSet[VaultId] = frozenset()
    """Vaults of case files: what is told of their keys for teams stands in `crew` too."""

    def packer(self, rng: Rng) -> Packer:
        """Return who makes this office's parcels."""
        return Packer(self.office, self.office_key, rng)

    def takers(self, vault: VaultId, devices: Iterable[DeviceId]) -> tuple[DeviceId, ...]:
        """Return which of some devices are given a key of a vault, in order."""
        stand = sorted(self.devices.keys() & {*devices})
        return tuple(one for one in stand if vault not in self.away.get(one, ()))


@dataclass(frozen=True, slots=True)
class Telling:
    """A fact, and the vault that it is to stand in."""

    vault: VaultId
    fact: CrewFact


@dataclass(frozen=True, slots=True)
class Act:
    """A parcel, the facts that name it, and the keys that were drawn for it."""

    parcel: bytes
    facts: tuple[Telling, ...]
    keys: VaultKeys


class Gifts:
    """What one act gives to devices, to recovery and to teams."""

    __slots__ = ("_circle", "_devices", "_recovery", "_teams")

    def __init__(self, circle: Circle) -> None:
        """Give nothing yet."""
        self._circle = circle
        self._devices: dict[DeviceId, dict[VaultEpoch, bytes]] = {}
        self._recovery: dict[VaultEpoch, bytes] = {}
        self._teams: dict[VaultEpoch, tuple[bytes, dict[VaultEpoch, bytes]]] = {}

    def to_devices(self, devices: Iterable[DeviceId], where: VaultEpoch, key: bytes) -> None:
        """Give a key to devices of the circle."""
        for device in devices:
            if where.vault not in self._circle.away.get(device, ()):
                self._devices.setdefault(device, {})[where] = key

    def to_recovery(self, where: VaultEpoch, key: bytes) -> None:
        """Give a key to the recovery sealing key."""
        self._recovery[where] = key

    def to_team(self, team: VaultEpoch, team_key: bytes, where: VaultEpoch, key: bytes) -> None:
        """Give a key to whoever holds a team's key of one epoch."""
        self._teams.setdefault(team, (team_key, {}))[1][where] = key

    def parcel(self, reason: str, rng: Rng) -> bytes:
        """Return the parcel: wraps for devices, for recovery, and under team keys."""
        wraps = [
            (self._circle.devices[device], held_keys(keys))
            for device, keys in sorted(self._devices.items())
        ]
        if self._recovery:
            wraps.append((self._circle.recovery, held_keys(self._recovery)))
        teams = [TeamWrap(SharedKey(key), keys) for _, (key, keys) in sorted(self._teams.items())]
        return write_parcel(self._circle.packer(rng), reason, wraps, teams)

    def grants(self, parcel: bytes, *, renewed: bool = False) -> tuple[Telling, ...]:
        """Return the grants that name this parcel: one for devices alike, one for each team.

        What is told of a case stands in the vault of the crew, where its opening does; where its
        keys are `renewed`, that is said.
        """
        alike: dict[tuple[KeyGroup, ...], list[DeviceId]] = {}
        for device, keys in sorted(self._devices.items()):
            alike.setdefault(key_groups(keys), []).append(device)
        named, says = parcel_hash(parcel), KeysRenewed if renewed else KeysGranted
        return (
            *(
                Telling(self._circle.crew, says(keys, named, tuple(devices), ()))
                for keys, devices in alike.items()
            ),
            *(
                Telling(vault, says(key_groups(some), named, (), (KeyEpoch(*team),)))
                for team, (_, keys) in sorted(self._teams.items())
                for vault, some in self._places(team.vault, keys)
            ),
        )

    def _places(self, team: VaultId, keys: VaultKeys) -> Iterator[tuple[VaultId, list[VaultEpoch]]]:
        """Yield where it stands that a team was given some of these keys."""
        cases = self._circle.cases
        of_cases = [where for where in keys if where.vault in cases]
        others = [where for where in keys if where.vault not in cases]
        if others:
            yield team, others
        if of_cases:
            yield self._circle.crew, of_cases


def held_keys(keys: VaultKeys) -> list[HeldKey]:
    """Return keys in the form in which devices are given them and keep them."""
    return [
        HeldKey("office" if where.vault == OFFICE_KEY else "vault", *where, keys[where])
        for where in sorted(keys)
    ]
