# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a device could have read, by the facts that say which keys it was given (spec/crew.md 4, 6).

Of keys only: which of it was opened, no fact proves.  Where it is in doubt the device could: a
grant counts though its signer stands no more, and an admission that names the office key alone
handed over whatever the office had.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from safeconduct.kernel.words import DeviceId, Instant, VaultId
from safeconduct.rooms.crew.claims import Book, nothing_held
from safeconduct.rooms.crew.events import DeviceAdmitted, EpochOpened
from safeconduct.rooms.crew.vault_facts import KeysGranted, VaultOpened
from safeconduct.rooms.crew.vaults import OFFICE_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
    """One key that a fact speaks of, when, whether the device is given it, and if the fact counts.

    Whoever is no steward says in vain that a newer key was made.
    """

    vault: VaultId
    epoch: int
    at: Instant
    given: bool
    counts: bool = False


def could_read(
    roster: Roster,
    told: Iterable[Told],
    device: DeviceId,
    when: Callable[[DeviceId, int], Instant],
) -> tuple[Exposure, ...]:
    """Return the vaults that a device could read, those of the whole office first.

    `when` says when a commit of a device was written, as its desk says.
    """
    founded = roster.founded
    if founded is None:
        return ()
    book = Book(roster.office, told, nothing_held)
    for claim in book.of(DeviceAdmitted):
        book.admitted(claim)
    vaults = (VaultId(founded.crew_vault), VaultId(founded.hotline_vault))
    keys = list(_keys(book, device, vaults, when, roster))
    kinds = _kinds(book) | {OFFICE_KEY: OFFICE, vaults[0]: "crew", vaults[1]: "hotline"}
    first = (OFFICE_KEY, *vaults)
    named = {key.vault for key in keys if key.given}
    ordered = [vault for vault in first if vault in named] + sorted(named.difference(first))
    return tuple(_exposure(vault, keys, kinds.get(vault, UNKNOWN)) for vault in ordered)


def _exposure(vault: VaultId, keys: Iterable[_Key], kind: str) -> Exposure:
    of_vault = [key for key in keys if key.vault == vault]
    given = [key for key in of_vault if key.given]
    newest = max(key.epoch for key in given)
    later = [key.at for key in of_vault if key.epoch > newest and key.counts]
    return Exposure(kind, min(key.at for key in given), min(later, default=None))


def _keys(
    book: Book,
    device: DeviceId,
    vaults: tuple[VaultId, ...],
    when: Callable[[DeviceId, int], Instant],
    roster: Roster,
) -> Iterator[_Key]:
    found: list[_Key] = []
    alone: list[Instant] = []
    grants = {claim.told.commit for claim in book.of(KeysGranted)}
    for claim in book.of(EpochOpened, KeysGranted):
        if not book.sound(claim):
            continue
        at = when(claim.told.device, claim.told.sequence)
        names = _named(claim)
        given = device in _devices(claim)
        counts = roster.epochs.get(names[0]) == claim.fact if names else False
        found += [_Key(vault, epoch, at, given, counts) for vault, epoch in names]
        whole = isinstance(claim.fact, EpochOpened) and names[0][0] == OFFICE_KEY
        if whole and given and claim.told.commit not in grants:
            alone.append(at)
    yield from found
    for at in alone:
        for vault in vaults:
            opened = [key.epoch for key in found if key.vault == vault and key.at <= at]
            yield _Key(vault, max(opened, default=0), at, given=True)


def _named(claim: Claim) -> list[tuple[VaultId, int]]:
    fact = claim.fact
    if isinstance(fact, EpochOpened):
        return [(VaultId(fact.vault), fact.epoch)]
    assert isinstance(fact, KeysGranted)
    return [(VaultId(vault), group.epoch) for group in fact.keys for vault in group.vaults]


def _devices(claim: Claim) -> tuple[bytes, ...]:
    fact = claim.fact
    assert isinstance(fact, EpochOpened | KeysGranted)
    return fact.devices


def _kinds(book: Book) -> dict[VaultId, str]:
    return {
        VaultId(claim.fact.vault): claim.fact.kind
        for claim in book.of(VaultOpened)
        if isinstance(claim.fact, VaultOpened) and book.sound(claim)
    }
