# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes this device's sealing key anew every 30 days, and destroys old halves (spec/crew.md 7).

The parcel goes to the relay first; then the facts and the new half become durable in one step.  An
old half is destroyed once a newer key that counts was read by everybody who may seal keys to us,
and all that they sealed to the old one was taken.  Until then it opens what comes late; after a cut
at any step the next look goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from safeconduct.edges.desk.engine.ageing import clocks, is_old
from safeconduct.edges.desk.engine.cited import held_to_ours
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import DeviceSecrets, identity
from safeconduct.edges.desk.engine.own_keys import CARD_NUMBER, NAME, Half, OwnKeys, own_keys
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.edges.desk.engine.told import admissions
from safeconduct.edges.desk.engine.travelling import BEGUN, PACKING
from safeconduct.edges.desk.store import Store
from safeconduct.kernel.journal import instant_of
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import Act, Clocks, SealingKeyRotated

SEED_BYTES: Final = 32
OLD_MOST: Final = 12
"""Old halves that are kept at most; while so many wait, no new key is made."""
_PLACE: Final = "SELECT at FROM commits WHERE device = ? AND sequence = ?"


class OwnRotation:
    """When this device's key is made anew, at one relay.  All calls come from one thread."""

    def __init__(self, journal: Journal, courier: Courier, taken: Callable[[], bool]) -> None:
        """`taken` tells whether every key that facts give to this device was taken."""
        self._journal: Final = journal
        self._courier: Final = courier
        self._taken: Final = taken
        self._cut = False

    def look(self) -> None:
        """Make the key anew when it is time, and destroy old halves that nobody seals to.

        Raises:
            Unreachable, Refused: the relay did not take the parcel; to be taken up later.
            StoreFull: nothing was kept.
        """
        journal = self._journal
        own = own_keys(journal)
        if own is None:
            own = OwnKeys(CARD_NUMBER, 0, self._made_with_the_card(), ())
            journal.store.put_setting(NAME, own)
        if self._is_due(own):
            self._rotate(own)
        self._destroy()

    def _is_due(self, own: OwnKeys) -> bool:
        journal = self._journal
        if not able(journal) or len(own.old) >= OLD_MOST or not _in_the_log(journal, own):
            return False
        if journal.store.setting(PACKING, BEGUN) is not None:
            return False  # The key of the packed desk is told already.
        if journal.keys.sealing()[journal.device].raw != journal.secrets.sealing_key().public.raw:
            return True  # Colleagues seal to another: this one lies beyond a cut of ours.
        return is_old(journal, self._courier, own.made)

    def _made_with_the_card(self) -> Clocks:
        """Return when the first key was made: with the admission, and not in days to come."""
        journal = self._journal
        now = clocks(journal, self._courier)
        at = admissions(journal).get(journal.device, journal.clock.now())
        return Clocks(min(at, now.desk), min(at, now.log), min(at, now.relay))

    def _rotate(self, own: OwnKeys) -> None:
        journal, made = self._journal, clocks(self._journal, self._courier)
        with journal.store.lock:
            planned_from = journal.keys.stamp()
            seed = journal.rng.bytes(SEED_BYTES)
            acts = _acts(journal, own.number + 1, seed)
        for act in acts:
            self._courier.put_parcel(act.parcel)
        with journal.store.lock:
            if journal.keys.stamp() == planned_from:  # Else facts came meanwhile: at the next look.
                keep(journal, own, made, seed, acts)

    def _destroy(self) -> None:
        """Destroy the old halves that nothing needed is sealed to; durable on return."""
        journal = self._journal
        with journal.store.lock:
            own = own_keys(journal)
            if own is None or not (own.old or own.number):
                return
            kept = own.old
            if own.old and able(journal) and self._all_read():
                kept = _still_sealed_to(journal, own)
            if kept != own.old:
                after = msgspec.structs.replace(own, old=kept)
                journal.store.put_setting(NAME, after)
                self._cut = False
        if not self._cut:
            self._cut = journal.store.cut_log()

    def _all_read(self) -> bool:
        journal = self._journal
        return journal.log.read_to() >= journal.seen.size and self._taken()


def able(journal: Journal) -> bool:
    """Tell whether this device may tell of a new key: it stands, and cards that count are known."""
    forked = journal.reader.chains.head(journal.device).forked_at is not None
    stands = journal.device in journal.roster.present()
    return stands and not forked and not journal.behind and journal.keys.circle() is not None


def keep(journal: Journal, own: OwnKeys, made: Clocks, seed: bytes, acts: Sequence[Act]) -> None:
    """Tell of a new key, and keep its half beside the old ones; all or nothing."""
    store, signer = journal.store, (journal.device, journal.secrets.signing_key())
    told = journal.pen.sequence + 1
    old = (*own.old, Half(own.number, journal.secrets.sealing, own.sequence))
    secrets = msgspec.structs.replace(journal.secrets, sealing=seed)
    try:
        with store.transaction():
            for act in acts:
                journal.write(
                    [crew_fact(one.vault, one.fact, journal.office, signer) for one in act.facts]
                )
            at = msgspec.structs.replace(made, log=instant_of(journal.pen.hlc))
            store.put_setting(NAME, OwnKeys(own.number + 1, told, at, old))
            store.put_setting("device", secrets)
    finally:
        journal.load()
        journal.secrets = _secrets(store)
    journal.changed()
    journal.written()


def waited_for(journal: Journal, device: DeviceId, sequence: int) -> frozenset[DeviceId] | None:
    """Return who did not show yet that it read of a key, by what the log says of all alike.

    `sequence` is that of the device's commit that told of it; None while the log does not hold it.
    """
    place = journal.store.value(_PLACE, (device, sequence))
    if place is None or place >= journal.seen.size:
        return None
    head = journal.reader.chains.head
    beats = held_to_ours(journal, journal.rosters.beats.known)
    unheard = crew.unheard(journal.roster, device, beats, place)
    return frozenset(one for one in unheard if head(one).forked_at is None)


def _acts(journal: Journal, number: int, seed: bytes) -> tuple[Act, ...]:
    circle, facts = journal.keys.circle(), journal.keys.facts()
    assert circle is not None
    rotated = SealingKeyRotated(SealingKey.from_seed(seed).public.raw, number)
    named = {at: key for at, key in journal.keychain.sure().items() if facts.named(at)}
    return crew.rotate_own(circle, journal.device, rotated, crew.held_keys(named), journal.rng)


def _still_sealed_to(journal: Journal, own: OwnKeys) -> tuple[Half, ...]:
    """Return the old halves but those before a key that counts and that everybody read of."""
    newest = Half(own.number, journal.secrets.sealing, own.sequence)
    read = [
        half.number
        for half in (*own.old, newest)
        if half.number
        and _counts(journal, half.number, half.seed)
        and waited_for(journal, journal.device, half.sequence) == frozenset()
    ]
    return tuple(half for half in own.old if half.number >= max(read, default=0))


def _counts(journal: Journal, number: int, seed: bytes) -> bool:
    """Tell whether colleagues who read of this key seal to it, or to a newer one."""
    if number == CARD_NUMBER:
        return True
    public = SealingKey.from_seed(seed).public.raw
    told = SealingKeyRotated(public, number)
    return any(one[:2] == (journal.device, told) for one in journal.keys.facts().rotated)


def _in_the_log(journal: Journal, own: OwnKeys) -> bool:
    """Tell whether the relay has the commit that told of the newest key."""
    return not own.number or journal.store.value(_PLACE, (journal.device, own.sequence)) is not None


def _secrets(store: Store) -> DeviceSecrets:
    return identity(store)[1]
