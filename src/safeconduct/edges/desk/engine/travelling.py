# SPDX-License-Identifier: AGPL-3.0-or-later
"""Travelling light, as facts: what a device leaves, asks for, and is given back (spec/crew.md 12).

`packing` rebuilds the store of the device that leaves something behind; here are the facts that
tell colleagues so, and what the desk of a steward gives when it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Annotated, Final, NamedTuple

from msgspec import Meta

from safeconduct.edges.desk.engine import rotating, unfinished
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.lapsed import lapsed
from safeconduct.edges.desk.engine.left_behind import STEWARDS_KEYS, WITH_HOTLINE
from safeconduct.edges.desk.engine.own_keys import OwnKeys
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.errors import Refused
from safeconduct.kernel.journal import Fact, VaultEpoch, instant_of
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import DeviceId, VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import (
    Clocks,
    HeldKey,
    ReturnAsked,
    Role,
    SealingKeyRotated,
    TravelBegun,
    Trip,
)
from safeconduct.rooms.crew.decide import need_steward, stewards
from safeconduct.rooms.crew.travel import NobodyElseReads, NobodyToGiveBack

PACKING: Final = "packing"
SEED_BYTES: Final = 32


class Packing(Record, frozen=True):
    """A packing that was begun: the vaults left behind, and the seed of the new sealing key.

    `own` says of that key what the packed desk will know of it: no older half goes along.
    `hotline` tells whether the vault of what people write goes along.
    """

    left: tuple[bytes, ...]
    sealing: bytes
    hotline: Annotated[int, Meta(ge=0, le=1)]
    own: OwnKeys


BEGUN: Final[Codec[Packing]] = Codec(Packing, PACKING)


class StillToSend(Refused):
    """Something of this desk is not at the server yet, or not done, and would be lost."""

    code = "still_to_send"


class Choice(NamedTuple):
    """A vault that somebody may take along or leave; `kind` is empty for that of the hotline.

    `alone` tells that no steward could give it back: it, or something that goes with it.
    """

    vault: VaultId
    kind: str
    alone: bool


def choices(journal: Journal) -> list[Choice]:
    """Return the vaults that may be taken or left one by one: those that come with no team's."""
    vaults, held = journal.keys.vaults(), _vaults_held(journal)
    unread = _read_by_no_other(journal, held)
    unread |= {parent for one in unread & vaults.keys() for parent in vaults[one].parents}
    return [
        Choice(vault, vaults[vault].kind if vault in vaults else "", vault in unread)
        for vault in sorted(held, key=lambda one: (one != journal.hotline_vault, one))
        if vault not in vaults or vaults[vault].parents.isdisjoint(held)
    ]


def check(journal: Journal, carried: Collection[VaultId] | None = None) -> tuple[VaultId, ...]:
    """Return what is left behind by who carries these; before it is chosen, nothing.

    Raises:
        NobodyToGiveBack: no other steward's device stands that is not itself on the way.
        NobodyElseReads: something would be left of which no such device holds every key.
    """
    if not _at_home(journal):
        raise NobodyToGiveBack
    if carried is None:
        return ()
    held = _vaults_held(journal)
    left = tuple(sorted(crew.left_with(journal.keys.vaults(), held, frozenset(carried))))
    if _read_by_no_other(journal, left):
        raise NobodyElseReads
    return left


def begin(journal: Journal, carried: Collection[VaultId]) -> None:
    """Write that this device travels light with these vaults alone; durable on return.

    From then on the desk is packed when it is next opened, whatever comes between.

    Raises:
        NobodyToGiveBack, NobodyElseReads: see `check`; nothing was written.
        StillToSend, StoreIsBehind, StoreFull: see there; nothing was written.
    """
    left = check(journal, carried)
    if unfinished.holds_up(journal):
        raise StillToSend
    seed, number = journal.rng.bytes(SEED_BYTES), newest_number(journal) + 1
    facts = (
        SealingKeyRotated(SealingKey.from_seed(seed).public.raw, number),
        TravelBegun(number, tuple(vault for vault in left if vault in _told_of(journal))),
    )
    hotline = int(journal.hotline_vault in _vaults_held(journal).difference(left))

    def keep(sequence: int) -> None:
        made = Clocks(journal.clock.now(), instant_of(journal.pen.hlc), 0)
        own = OwnKeys(number, sequence, made, ())
        journal.store.put_setting(PACKING, Packing(left, seed, hotline, own))

    with journal.store.lock:
        reports = unfinished.reports(journal, hotline=journal.hotline_vault in left)
        _write(journal, *facts, more=reports, also=keep)


def ask(journal: Journal) -> None:
    """Ask for what this device left behind; a device that left nothing writes it just the same."""
    _write(journal, ReturnAsked(newest_number(journal)))


def give_back(journal: Journal, courier: Courier, device: DeviceId) -> int:
    """Give a device that asks for it what this desk holds of what it left, and the newer keys.

    Returns how many vaults are still missing, which another steward has to give.

    Raises:
        NotASteward, NotAway, NotAsked, KeysNotHeld: see there; nothing was given.
        Unreachable: the relay does not answer; nothing was given.
    """
    need_steward(journal.roster, journal.device)
    with journal.store.lock:
        circle, facts = journal.keys.circle(), journal.keys.facts()
        trip = facts.trips.away.get(device)
        if circle is None or device not in circle.devices:
            raise crew.NotAway
        held = {where: key for where, key in journal.keychain.sure().items() if facts.named(where)}
        others = _others_for(journal, device, trip)
        gone = lapsed(journal, device, trip) if trip else frozenset[VaultId]()
        chest = crew.Chest(journal.keys.vaults(), facts.given, held, others, gone)
        act = crew.give_back(circle, device, trip, chest, journal.rng)
    courier.put_parcel(act.parcel)
    rotating.keep(journal, act)
    return len(journal.keys.left_by(device))


def newest_number(journal: Journal) -> int:
    """Return the number of this device's newest sealing key; that of its card is 0."""
    told = journal.keys.facts().rotated
    return max((one.fact.number for one in told if one.device == journal.device), default=0)


def _vaults_held(journal: Journal) -> set[VaultId]:
    """Return the vaults whose keys are held, but for those that no desk can do without."""
    return journal.keys.newest().keys() - {crew.OFFICE_KEY, journal.crew_vault}


def _at_home(journal: Journal) -> set[DeviceId]:
    """Return the other devices that could give back: stewards' that are not on the way."""
    others = stewards(journal.roster) - {journal.device}
    return {one for one in others if one not in journal.keys.on_the_way()}


def _read_by_no_other(journal: Journal, vaults: Iterable[VaultId]) -> set[VaultId]:
    """Return those of which no one device that could give back holds all that is held here.

    By what facts say: the newest key and each one of this desk.  A key that no fact names is
    given back by nobody.
    """
    given, held, others = journal.keys.facts().given, journal.keychain.held(), _at_home(journal)

    def reads(device: DeviceId, vault: VaultId) -> bool:
        newest = VaultEpoch(vault, given.newest[vault])
        named = {at for at in held if at.vault == vault and journal.keys.facts().named(at)}
        return vault not in journal.keys.left_by(device) and all(
            given.opens(device, at) for at in named | {newest}
        )

    return {
        vault
        for vault in vaults
        if vault not in given.newest or not any(reads(one, vault) for one in others)
    }


def _others_for(journal: Journal, device: DeviceId, trip: Trip | None) -> list[HeldKey]:
    steward = Role.STEWARD in journal.roster.roles(device)
    wanted = {WITH_HOTLINE} if trip and journal.hotline_vault in trip.left else set[str]()
    wanted |= {*STEWARDS_KEYS} if steward else set()
    return [key for key in journal.keychain.all() if key.kind in wanted]


def _told_of(journal: Journal) -> set[VaultId]:
    """Return the vaults of which facts for all say that this device was given them itself.

    What it holds through a team is not named: it goes with the team's key, and colleagues who do
    not hold it do not learn that it exists.
    """
    given = journal.keys.facts().given.devices
    return {where.vault for where, devices in given.items() if journal.device in devices}


def _write(
    journal: Journal,
    *facts: SealingKeyRotated | TravelBegun | ReturnAsked,
    more: Iterable[Fact] = (),
    also: Callable[[int], None] | None = None,
) -> None:
    signer = journal.device, journal.secrets.signing_key()
    written = [crew_fact(journal.crew_vault, fact, journal.office, signer) for fact in facts]
    journal.write([*written, *more], also)
