# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vaults of an office: what each hangs on, and who is able to open it (spec/crew.md 3).

`fold_vaults` makes them from facts that were judged before: the same facts give the same vaults in
any order.  Which facts count, and who may open or grant, is not asked here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from safeconduct.kernel.canon import encode
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import DeviceId, VaultId
from safeconduct.rooms.crew.events import EpochOpened
from safeconduct.rooms.crew.vault_facts import KeysGranted, VaultOpened

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

T = TypeVar("T", DeviceId, VaultId)
OFFICE_KEY: Final = VaultId(bytes(16))
"""The office key stands among vault keys under this id, as in `crew.EpochOpened`."""


class VaultKind(Enum):
    """What a vault is for.  The last six are those of a case.

    `case` is said of a vault of a case where its part is told in the vault alone.
    """

    CREW = "crew"
    HOTLINE = "hotline"
    STEWARDS = "stewards"
    HOUSES = "houses"
    ROADS = "roads"
    ABROAD = "abroad"
    JOURNEYS = "journeys"
    TEAM = "team"
    CASE = "case"
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
    `strangers` know the newest key of a team, or of what hangs on teams, and belong to none of
    them: who left, and whoever drew the key without belonging there.
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
    strangers: frozenset[DeviceId] = frozenset()

    @property
    def newest(self) -> VaultEpoch:
        """The newest epoch of this vault."""
        return VaultEpoch(self.id, self.epoch)


class Heard(NamedTuple):
    """A fact about vaults or keys that counts, and when its commit was written."""

    hlc: int
    fact: EpochOpened | VaultOpened | KeysGranted


class Hold(NamedTuple):
    """Who may hold the key of each team that was formed, and who drew which key.

    `unkept` are teams of which no steward stands: nobody renews their keys.
    """

    belongs: Mapping[VaultId, frozenset[DeviceId]] = MappingProxyType({})
    drawn: Mapping[VaultEpoch, frozenset[DeviceId]] = MappingProxyType({})
    unkept: frozenset[VaultId] = frozenset()


NOBODY: Final = Hold()


class Same:
    """Keeps one object for equal groups of devices or teams: most keys are given to the same."""

    def __init__(self) -> None:
        """Know of none."""
        self._known: Final[dict[frozenset[Any], frozenset[Any]]] = {}

    def __call__(self, some: frozenset[T]) -> frozenset[T]:
        """Return the one that is equal to this."""
        return self._known.setdefault(some, some)


class Given:
    """Which devices, and which teams' keys, each key was given to."""

    def __init__(self) -> None:
        """Know of no key."""
        self.devices: defaultdict[VaultEpoch, frozenset[DeviceId]] = defaultdict(frozenset)
        self.same: Final = Same()
        self.teams: defaultdict[VaultEpoch, set[VaultEpoch]] = defaultdict(set)
        self.newest: dict[VaultId, int] = {}

    def hear(self, fact: EpochOpened | KeysGranted) -> None:
        """Take what a fact gives to whom."""
        teams = teams_named(fact)
        for where in keys_named(fact):
            self._add(where, fact.devices, teams)

    def _add(
        self, where: VaultEpoch, devices: Iterable[bytes], teams: Collection[VaultEpoch]
    ) -> None:
        self.devices[where] = self.same(self.devices[where].union(map(DeviceId, devices)))
        if teams:
            self.teams[where].update(teams)
        self.newest[where.vault] = max(where.epoch, self.newest.get(where.vault, 0))

    def through_teams(self, where: VaultEpoch) -> frozenset[DeviceId]:
        """Return who holds the key of a team that this key was given to."""
        teams = self.teams.get(where)
        if not teams:
            return frozenset()
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


def teams_named(fact: EpochOpened | KeysGranted) -> list[VaultEpoch]:
    """Return the keys of teams under which a fact says that keys were wrapped."""
    if isinstance(fact, EpochOpened):
        return []
    return [VaultEpoch(VaultId(team.vault), team.epoch) for team in fact.teams]


class Vaults:
    """Vaults as facts make them that come after each other.

    `given` holds what all of them give; of teams nothing may come later than what hangs on them.
    """

    def __init__(self, given: Given, hold: Hold = NOBODY, erased: Collection[VaultId] = ()) -> None:
        """Know of no vault; of those that were `erased` nothing is sealed any more."""
        self.found: Final[dict[VaultId, Vault]] = {}
        self._given: Final = given
        self._hold: Final = hold
        self._erased: Final = erased
        self._openings: Final[dict[VaultId, tuple[int, VaultOpened]]] = {}
        self._hung: Final[dict[VaultId, set[VaultId]]] = {}

    def hear(self, heard: Iterable[Heard]) -> None:
        """Take facts that count, and renew the vaults of which they tell."""
        told, founded = set[VaultId](), set[VaultId]()
        for hlc, fact in heard:
            if isinstance(fact, VaultOpened):
                self._open(VaultId(fact.vault), hlc, fact)
                told.add(VaultId(fact.vault))
                continue
            named = {where.vault for where in keys_named(fact)}
            told |= named
            if isinstance(fact, EpochOpened):
                founded |= named
            self._hang(named, fact)
        for founding in founded - self._openings.keys():
            self._openings[founding] = (0, VaultOpened(founding, "", (), 1))
        for vault in sorted(told & self._openings.keys() & self._given.newest.keys()):
            hlc, opened = self._openings[vault]
            made = _vault(hlc, opened, self._given, self._hung.get(vault, set()))
            held = _held(made, self._given, self._hold)
            self.found[vault] = replace(held, erased=True) if vault in self._erased else held

    def _open(self, vault: VaultId, hlc: int, fact: VaultOpened) -> None:
        before, first = self._openings.get(vault, (hlc, fact))
        # By what is said before when it is said: what a vault hangs on hangs on no clock.
        if fact is not first:
            first = min(first, fact, key=encode)
        self._openings[vault] = (min(hlc, before), first)

    def _hang(self, vaults: Iterable[VaultId], fact: EpochOpened | KeysGranted) -> None:
        """Remember the teams that were formed and that a key of each vault was ever given to."""
        formed = {team.vault for team in teams_named(fact)} & self._hold.belongs.keys()
        if formed:
            for vault in vaults:
                self._hung.setdefault(vault, set()).update(formed)


def keys_told_of(heard: Iterable[Heard]) -> Iterator[VaultEpoch]:
    """Yield the keys that facts say were given."""
    for _, fact in heard:
        if not isinstance(fact, VaultOpened):
            yield from keys_named(fact)


def fold_vaults(
    heard: Iterable[Heard], erased: Collection[VaultId] = (), hold: Hold = NOBODY
) -> dict[VaultId, Vault]:
    """Return every vault whose key was told of, and of which it is known what it hangs on."""
    heard, given = tuple(heard), Given()
    for _, fact in heard:
        if not isinstance(fact, VaultOpened):
            given.hear(fact)
    vaults = Vaults(given, hold, erased)
    vaults.hear(heard)
    return vaults.found


def _held(vault: Vault, given: Given, hold: Hold) -> Vault:
    """Return a vault with who knows its newest key and should not, by who belongs to teams."""
    drawn = hold.drawn.get(vault.newest, frozenset())
    if vault.id in hold.belongs:
        belongs = hold.belongs[vault.id]
        strangers = (vault.devices | drawn) - belongs
        return replace(vault, devices=vault.devices & belongs, strangers=strangers)
    if not vault.parents or not vault.parents <= hold.belongs.keys():
        return vault
    belongs = frozenset[DeviceId]().union(*(hold.belongs[team] for team in vault.parents))
    through = given.through_teams(vault.newest)
    strangers = (through | drawn) - belongs - vault.devices
    if vault.parents.isdisjoint(hold.unkept):
        return replace(vault, strangers=given.same(strangers))
    # Else it could be renewed by nobody: it hangs on those people by name from now on.
    kept, devices = vault.parents - hold.unkept, vault.devices | (through & belongs)
    return replace(vault, parents=kept, devices=devices, strangers=strangers)


def _vault(hlc: int, opened: VaultOpened, given: Given, hung: set[VaultId]) -> Vault:
    where = VaultEpoch(VaultId(opened.vault), given.newest[VaultId(opened.vault)])
    direct, through = given.devices[where], given.through_teams(where)
    parents = {VaultId(parent) for parent in opened.parents}
    if parents:  # Teams that it was given to afterwards hold it like those of the beginning.
        parents |= {team.vault for team in given.teams.get(where, ())}
    elif opened.kind == VaultKind.CASE.value:  # A part hangs on each team that it was ever given.
        parents = hung
    return Vault(
        id=where.vault,
        kind=opened.kind,
        epoch=where.epoch,
        parents=given.same(frozenset(parents)),
        recoverable=bool(opened.recoverable),
        devices=given.same(direct - through),
        known=given.same(through | direct),
        opened=hlc,
    )
