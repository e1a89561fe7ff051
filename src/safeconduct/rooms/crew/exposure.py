# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a device could have read, and who could read a vault (spec/crew.md 4 and 11).

By the facts that say which keys were given to whom.  Of keys only: which of it was opened, no fact
proves.  Where it is in doubt the device could: a grant counts though its signer stands no more, and
an admission that names the office key alone handed over whatever the office had.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.words import DeviceId, FactId, Instant, VaultId
from safeconduct.rooms.crew.case_facts import CASE_VAULT, CaseOpened, Place, vaults_of
from safeconduct.rooms.crew.claims import Book, nothing_held
from safeconduct.rooms.crew.events import DeviceAdmitted, EpochOpened
from safeconduct.rooms.crew.team_facts import KeysRenewed
from safeconduct.rooms.crew.vault_facts import KeysGranted, VaultOpened
from safeconduct.rooms.crew.vaults import OFFICE_KEY, keys_named
from safeconduct.rooms.crew.words import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from safeconduct.rooms.crew.claims import Claim, Told
    from safeconduct.rooms.crew.fold import Roster

OFFICE: Final = "office"
UNKNOWN: Final = "unknown"


class Exposure(NamedTuple):
    """A vault that a device could read.

    `kind` is the vault's, `office` for the key of the log, `unknown` where this desk cannot tell.
    Keys open what was written before them too.  `until` is when a key was opened that the device
    does not have; None while it has the newest.
    """

    kind: str
    since: Instant
    until: Instant | None


class _Key(NamedTuple):
    """One key that a fact speaks of, when, to whom it is given, and if the fact counts.

    Whoever is no steward says in vain that a newer key was made.
    """

    where: VaultEpoch
    at: Instant
    devices: frozenset[DeviceId]
    counts: bool = False


class KeyHistory:
    """Which keys were ever given to whom.

    `told` are the facts of the crew's vault, and those about keys of the vaults of teams.  `when`
    says when a commit of a device was written, as its desk says.
    """

    def __init__(
        self,
        roster: Roster,
        told: Iterable[Told],
        when: Callable[[DeviceId, int], Instant],
        proved: Collection[FactId] = (),
    ) -> None:
        """Read the facts; an office that is not founded gave nobody a key.

        The signatures of those that are `proved` were checked before.
        """
        self._roster: Final = roster
        self._proved = proved
        self._when: Final = when
        self._keys: Final = defaultdict[VaultId, list[_Key]](list)
        self._kinds: dict[VaultId, str] = {}
        self._readers: dict[VaultId, Mapping[DeviceId, Exposure]] = {}
        founded = roster.founded
        self._first: tuple[VaultId, ...] = ()
        if founded is None:
            return
        vaults = (VaultId(founded.crew_vault), VaultId(founded.hotline_vault))
        self._first = (OFFICE_KEY, *vaults)
        book = Book(roster.office, told, nothing_held)
        for claim in book.of(DeviceAdmitted):
            book.admitted(claim)
        self._kinds = self._kinds_in(book)
        self._kinds |= dict(zip(self._first, (OFFICE, "crew", "hotline"), strict=True))
        self._read(book, vaults)

    def could_read(
        self, device: DeviceId, but: frozenset[VaultId] = frozenset()
    ) -> tuple[Exposure, ...]:
        """Return the vaults that a device could read, those of the whole office first.

        `but` are left out: a desk that travels light does not name what it left behind.
        """
        found = {vault: self.readers(vault).get(device) for vault in self._keys.keys() - but}
        first = [vault for vault in self._first if vault in found]
        ordered = [*first, *sorted(found.keys() - set(first))]
        return tuple(exposure for vault in ordered if (exposure := found[vault]) is not None)

    def readers(self, vault: VaultId) -> Mapping[DeviceId, Exposure]:
        """Return the devices that could read a vault, removed ones too."""
        if vault not in self._readers:
            keys = self._keys.get(vault, [])
            devices = frozenset[DeviceId]().union(*(key.devices for key in keys))
            kind = self._kinds.get(vault, UNKNOWN)
            found = {device: _exposure(device, keys, kind) for device in sorted(devices)}
            self._readers[vault] = found
        return self._readers[vault]

    def more(self, told: Iterable[Told]) -> None:
        """Read further facts that are proved: case files, and grants of keys of theirs."""
        book = Book(self._roster.office, told, nothing_held)
        self._proved = frozenset(one.id for one in book.told)
        self._kinds |= self._kinds_in(book)
        self._read(book, ())

    def _read(self, book: Book, vaults: tuple[VaultId, ...]) -> None:
        alone: list[_Key] = []
        wraps: list[tuple[_Key, VaultEpoch]] = []
        grants = {claim.told.commit for claim in book.of(KeysGranted)}
        for claim in book.of(EpochOpened, KeysGranted, KeysRenewed):
            named = list(self._named(claim)) if self._sound(book, claim) else []
            for key in named:
                self._keys[key.where.vault].append(key)
                self._readers.pop(key.where.vault, None)
            wraps += [(key, team) for key in named for team in _teams(claim)]
            if isinstance(claim.fact, EpochOpened) and claim.told.commit not in grants:
                alone += [key for key in named if key.where.vault == OFFICE_KEY]
        for vault in vaults:
            self._keys[vault] += [self._all_there_was(key, vault) for key in alone]
        for key, team in wraps:
            self._keys[key.where.vault] += self._through(key, team)

    def _sound(self, book: Book, claim: Claim) -> bool:
        return claim.id in self._proved or book.sound(claim)

    def _kinds_in(self, book: Book) -> dict[VaultId, str]:
        found: dict[VaultId, str] = {}
        for claim in book.of(CaseOpened):
            told = claim.told
            if isinstance(claim.fact, CaseOpened) and self._sound(book, claim):
                place = Place(book.office, told.device, told.sequence, told.index)
                found |= dict.fromkeys(vaults_of(place, claim.fact.parts), CASE_VAULT)
        return found | {
            VaultId(claim.fact.vault): claim.fact.kind
            for claim in book.of(VaultOpened)
            if isinstance(claim.fact, VaultOpened) and self._sound(book, claim)
        }

    def _all_there_was(self, office: _Key, vault: VaultId) -> _Key:
        """Return what whoever was given the office key alone was given of a vault with it."""
        opened = [key.where.epoch for key in self._keys[vault] if key.at <= office.at]
        return _Key(VaultEpoch(vault, max(opened, default=0)), office.at, office.devices)

    def _through(self, key: _Key, team: VaultEpoch) -> list[_Key]:
        """Return that whoever has the team's key has what is wrapped under it."""
        teams = [one for one in self._keys.get(team.vault, []) if one.where == team]
        return [_Key(key.where, max(key.at, one.at), one.devices) for one in teams]

    def _named(self, claim: Claim) -> Iterator[_Key]:
        fact, told = claim.fact, claim.told
        assert isinstance(fact, EpochOpened | KeysGranted)
        at = self._when(told.device, told.sequence)
        devices = frozenset(DeviceId(device) for device in fact.devices)
        for where in keys_named(fact):
            yield _Key(where, at, devices, self._counts(claim, where))

    def _counts(self, claim: Claim, where: VaultEpoch) -> bool:
        """Tell whether a fact shows that a key is the newer one of its vault.

        A grant does for vaults of teams alone: of any other `crew.EpochOpened` tells.
        """
        roster, told = self._roster, claim.told
        if isinstance(claim.fact, EpochOpened):
            return roster.epochs.get(where) == claim.fact
        by_steward = Role.STEWARD in roster.roles_at(told.device, told.sequence)
        renews = isinstance(claim.fact, KeysRenewed) or bool(_teams(claim))
        return by_steward and renews and told.id not in roster.quarantined


def _exposure(device: DeviceId, keys: Iterable[_Key], kind: str) -> Exposure:
    keys = list(keys)
    given = [key for key in keys if device in key.devices]
    newest = max(key.where.epoch for key in given)
    later = [key.at for key in keys if key.where.epoch > newest and key.counts]
    return Exposure(kind, min(key.at for key in given), min(later, default=None))


def _teams(claim: Claim) -> list[VaultEpoch]:
    fact = claim.fact
    if not isinstance(fact, KeysGranted):
        return []
    return [VaultEpoch(VaultId(team.vault), team.epoch) for team in fact.teams]
