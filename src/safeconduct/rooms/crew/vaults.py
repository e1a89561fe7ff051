# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vaults of an office: what each hangs on, and who is able to open it (spec/crew.md 3).

`fold_vaults` makes them from facts that were judged before: the same facts give the same vaults in
any order.  Which facts count, and who may open or grant, is not asked here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.canon import encode
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import DeviceId, VaultId
from safeconduct.rooms.crew.events import EpochOpened
from safeconduct.rooms.crew.vault_facts import KeysGranted, VaultOpened

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

OFFICE_KEY: Final = VaultId(bytes(16))
"""The office key stands among vault keys under this id, as in `crew.EpochOpened`."""


class VaultKind(Enum):
    """What a vault is for.  The last six are those of a case."""

    CREW = "crew"
    HOTLINE = "hotline"
    STEWARDS = "stewards"
    HOUSES = "houses"
    ROADS = "roads"
    ABROAD = "abroad"
    TEAM = "team"
    IDENTITY = "identity"
    CONTACT = "contact"
    JOURNEY = "journey"
    TESTIMONY = "testimony"
    LEGAL = "legal"
    HEALTH = "health"


@dataclass(frozen=True, slots=True)
class Vault:
    """One vault; the office key is told as one too.

    `epoch` is the newest one that was told of; `devices` were given its key themselves and not
    through a team, `known` are all who were able to open it.  `opened` is the hybrid logical clock
    of the commit that opened the vault, or 0; it orders vaults by age, and no right hangs on it.
    `kind` is empty for those that were there when the office was founded.
    """

    id: VaultId
    kind: str
    epoch: int
    parents: frozenset[VaultId]
    recoverable: bool
    devices: frozenset[DeviceId]
    known: frozenset[DeviceId]
    opened: int = 0
    erased: bool = False

    @property
    def newest(self) -> VaultEpoch:
        """The newest epoch of this vault."""
        return VaultEpoch(self.id, self.epoch)


class Heard(NamedTuple):
    """A fact about vaults or keys that counts, and when its commit was written."""

    hlc: int
    fact: EpochOpened | VaultOpened | KeysGranted


class Given:
    """Which devices, and which teams' keys, each key was given to."""

    def __init__(self) -> None:
        """Know of no key."""
        self.devices: defaultdict[VaultEpoch, set[DeviceId]] = defaultdict(set)
        self.teams: defaultdict[VaultEpoch, set[VaultEpoch]] = defaultdict(set)
        self.newest: dict[VaultId, int] = {}

    def hear(self, fact: EpochOpened | KeysGranted) -> None:
        """Take what a fact gives to whom."""
        teams = (
            [VaultEpoch(VaultId(team.vault), team.epoch) for team in fact.teams]
            if isinstance(fact, KeysGranted)
            else []
        )
        for where in keys_named(fact):
            self._add(where, fact.devices, teams)

    def _add(
        self, where: VaultEpoch, devices: Iterable[bytes], teams: Iterable[VaultEpoch]
    ) -> None:
        self.devices[where].update(DeviceId(device) for device in devices)
        self.teams[where].update(teams)
        self.newest[where.vault] = max(where.epoch, self.newest.get(where.vault, 0))

    def through_teams(self, where: VaultEpoch) -> frozenset[DeviceId]:
        """Return who holds the key of a team that this key was given to."""
        teams = self.teams.get(where, set[VaultEpoch]())
        return frozenset[DeviceId]().union(*(self.devices.get(team, ()) for team in teams))

    def opens(self, device: DeviceId, where: VaultEpoch) -> bool:
        """Tell whether a device was given a key; office keys chain backwards."""
        if where.vault != OFFICE_KEY:
            return device in self.devices.get(where, ()) or device in self.through_teams(where)
        return any(
            device in devices
            for told, devices in self.devices.items()
            if told.vault == OFFICE_KEY and told.epoch >= where.epoch
        )

    def ever(self, vault: VaultId) -> frozenset[DeviceId]:
        """Return who was given a key of any epoch of a vault."""
        some = [where for where in {*self.devices, *self.teams} if where.vault == vault]
        return frozenset[DeviceId]().union(
            *(self.devices.get(where, ()) for where in some),
            *(self.through_teams(where) for where in some),
        )


def keys_named(fact: EpochOpened | KeysGranted) -> list[VaultEpoch]:
    """Return the keys that a fact says were given."""
    if isinstance(fact, EpochOpened):
        return [VaultEpoch(VaultId(fact.vault), fact.epoch)]
    return [
        VaultEpoch(VaultId(vault), group.epoch) for group in fact.keys for vault in group.vaults
    ]


def fold_vaults(heard: Iterable[Heard], erased: Collection[VaultId] = ()) -> dict[VaultId, Vault]:
    """Return every vault whose key was told of, and of which it is known what it hangs on."""
    given = Given()
    openings: dict[VaultId, tuple[int, VaultOpened]] = {}
    founded: set[VaultId] = set()
    # By what is said before when it is said: what a vault hangs on hangs on no clock.
    for hlc, fact in sorted(heard, key=lambda told: (encode(told.fact), told.hlc)):
        if isinstance(fact, VaultOpened):
            before, first = openings.get(VaultId(fact.vault), (hlc, fact))
            openings[VaultId(fact.vault)] = (min(hlc, before), first)
        else:
            given.hear(fact)
            if isinstance(fact, EpochOpened):
                founded.add(VaultId(fact.vault))
    for founding in founded - openings.keys():
        openings[founding] = (0, VaultOpened(founding, "", (), 1))
    return {
        vault: _vault(hlc, opened, given, erased=vault in erased)
        for vault, (hlc, opened) in sorted(openings.items())
        if vault in given.newest
    }


def _vault(hlc: int, opened: VaultOpened, given: Given, *, erased: bool) -> Vault:
    where = VaultEpoch(VaultId(opened.vault), given.newest[VaultId(opened.vault)])
    direct, through = given.devices[where], given.through_teams(where)
    parents = {VaultId(parent) for parent in opened.parents}
    if parents:  # Teams that it was given to afterwards hold it like those of the beginning.
        parents |= {team.vault for team in given.teams[where]}
    return Vault(
        id=where.vault,
        kind=opened.kind,
        epoch=where.epoch,
        parents=frozenset(parents),
        recoverable=bool(opened.recoverable),
        devices=frozenset(direct - through),
        known=through | direct,
        opened=hlc,
        erased=erased,
    )
