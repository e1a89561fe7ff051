# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes the keys that facts say this device is given, and reads what waited for them.

What is lacking is found anew each time from the facts and the keychain, so that a cut loses
nothing.  A parcel that the relay withholds is asked for again, ever more rarely; one that does not
hold what its fact says is named, and stops no other (spec/crew.md 3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from safeconduct.edges.desk.engine import left_behind
from safeconduct.edges.desk.engine.afterwards import check_all_cited
from safeconduct.edges.desk.engine.clock import came
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import TOLD
from safeconduct.edges.desk.engine.late import open_late
from safeconduct.edges.desk.engine.own_keys import sealing_keys
from safeconduct.kernel.errors import Refused, SafeconductError, Unreachable, Untrusted
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import SECOND, Instant, VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import EpochOpened, HeldKey, KeysGranted, VaultOpened

FIRST_PAUSE: Final = SECOND // 2
LONGEST_PAUSE: Final = 60 * SECOND
AT_ONCE: Final = 64
"""Parcels whose keys are kept in one step: a cut fetches so many again at most."""
MISSING: Final = "parcel_missing"
LACKING: Final = "parcel_lacking"
KeyFact = EpochOpened | KeysGranted


class KeyTaker:
    """Takes keys from one relay.  All calls come from one thread."""

    def __init__(self, journal: Journal, courier: Courier) -> None:
        """Wait for no parcel yet."""
        self._journal: Final = journal
        self._courier: Final = courier
        self._pauses: dict[bytes, tuple[Instant, int]] = {}
        self._useless: set[bytes] = set()
        self._complete_at: tuple[crew.KeyFacts, int] | None = None

    def take_all(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """Take every key that can be had now; one may tell of the next.

        Raises:
            Unreachable: later.
            RelayForked: what was read with them cites another log.
        """
        took = False
        while not stopped() and self._take_some(stopped):
            took = True
        if took:
            self._useless.clear()  # One key may open what another did not.
            check_all_cited(self._journal)

    def took_all(self) -> bool:
        """Tell whether every key that facts give us was taken, if a parcel brings it."""
        return not _lacking(self._journal).keys() - self._useless

    def _take_some(self, stopped: Callable[[], bool]) -> bool:
        stamp = self._journal.keys.stamp()
        if stamp == self._complete_at:
            return False
        took, lacking = False, _lacking(self._journal)
        self._complete_at = None if lacking else stamp
        self._pauses = {name: pause for name, pause in self._pauses.items() if name in lacking}
        if not lacking.keys() - self._useless:
            self._take_back(MISSING)
        names = [name for name in lacking if name not in self._useless]
        for start in range(0, len(names), AT_ONCE):
            some = {name: lacking[name] for name in names[start : start + AT_ONCE]}
            took |= self._take(some, stopped)
        return took

    def _take(self, lacking: Mapping[bytes, list[KeyFact]], stopped: Callable[[], bool]) -> bool:
        """Fetch parcels, then keep what they bring, what came before the relay fell silent too."""
        brought: dict[VaultEpoch, bytes] = {}
        try:
            for name, facts in lacking.items():
                if not stopped() and not self._too_early(name):
                    self._fetch(name, facts, brought)
        except Unreachable:
            learn(self._journal, brought)
            raise
        return learn(self._journal, brought)

    def _fetch(self, name: bytes, facts: list[KeyFact], brought: dict[VaultEpoch, bytes]) -> None:
        """Add to what was brought what a parcel holds; what came first stays."""
        journal = self._journal
        try:
            parcel = self._courier.parcel(name)
            if crew.parcel_hash(parcel) != name:
                raise crew.ParcelDiffers
        except Unreachable:
            self._ask_later(name)
            raise
        except (Refused, Untrusted) as error:
            journal.trouble(error.code if isinstance(error, Untrusted) else MISSING)
            self._ask_later(name)
            return
        keys = _brought(journal, facts, parcel, brought)
        left_behind.take_others(journal, name, parcel)
        if not _complete(journal, facts, keys | brought):
            self._useless.add(name)  # Those bytes will never say anything else.
            journal.trouble(LACKING)
        for where, key in keys.items():
            brought.setdefault(where, key)

    def _too_early(self, name: bytes) -> bool:
        due, pause = self._pauses.get(name, (0, 0))
        return not came(self._journal.clock.now(), due, pause)

    def _ask_later(self, name: bytes) -> None:
        _, before = self._pauses.get(name, (0, 0))
        pause = min(2 * before or FIRST_PAUSE, LONGEST_PAUSE)
        self._pauses[name] = (Instant(self._journal.clock.now() + pause), pause)

    def _take_back(self, code: str) -> None:
        """Say no more that a parcel is missing, once none is."""
        if self._journal.store.forget_troubles(code):
            self._journal.changed()


def learn(journal: Journal, keys: Mapping[VaultEpoch, bytes], *, told: bool = False) -> bool:
    """Keep keys that were not held, then read what waited for them; False when there were none.

    Keys that are only `told`, by a letter, count until the parcel of a fact brings them, and give
    way to what that brings: all is then read anew.

    The keys are durable before anything is read with them, and what waits stands in the store:
    after a cut the next start reads it.  Where all is to be read anew, what was opened is dropped
    in the step that keeps the keys.
    """
    with journal.store.lock:
        held = journal.keychain.held()
        stays = held if told else journal.keychain.sure()
        fresh = {where: key for where, key in keys.items() if where not in stays}
        if not fresh:
            return False
        false = any(held.get(where, key) != key for where, key in fresh.items())
        try:
            with journal.store.transaction():
                journal.keychain.add(_as_told(fresh) if told else crew.held_keys(fresh))
                late = open_late(journal, fresh)
                again = late.again or false
                if again:
                    journal.forget()
                else:
                    journal.lists.refresh(late.touched)
        finally:
            journal.load()
        if again:
            journal.read_again()
        else:
            journal.offer_again()
    journal.changed()
    return True


def _as_told(keys: Mapping[VaultEpoch, bytes]) -> list[HeldKey]:
    return [HeldKey(TOLD, where.vault, where.epoch, key) for where, key in keys.items()]


def _lacking(journal: Journal) -> dict[bytes, list[KeyFact]]:
    """Return parcels, with the facts that say that they bring this device a key it lacks."""
    held = journal.keychain.sure()
    found: dict[bytes, list[KeyFact]] = {}
    left = _passed_over(journal)
    # The newest first: what is given back after a trip stands in a parcel that opens here, and in
    # older ones that do not.
    heard = sorted(journal.keys.facts().heard, key=lambda one: -one.hlc)
    for _, fact in heard:
        if isinstance(fact, VaultOpened) or held.keys() >= _due(fact, left):
            continue
        teams = fact.teams if isinstance(fact, KeysGranted) else ()
        if journal.device in fact.devices or any(
            VaultEpoch(VaultId(team.vault), team.epoch) in held for team in teams
        ):
            found.setdefault(fact.parcel, []).append(fact)
    return found


def _passed_over(journal: Journal) -> frozenset[VaultId]:
    """Return the vaults whose keys are not taken: left behind for a trip, or of erased cases."""
    return journal.keys.left_by(journal.device) | journal.keychain.erased


def _due(fact: KeyFact, left: frozenset[VaultId]) -> set[VaultEpoch]:
    """Return the keys that a fact names, but for those that this device does not take."""
    return {where for where in crew.keys_named(fact) if where.vault not in left}


def _brought(
    journal: Journal,
    facts: list[KeyFact],
    parcel: bytes,
    before: Mapping[VaultEpoch, bytes],
) -> dict[VaultEpoch, bytes]:
    """Return what a parcel holds for this device of what facts say that it does.

    `before` are keys that came a moment ago; what facts brought stands before what letters did.
    """
    held = {**journal.keychain.held(), **before, **journal.keychain.sure()}
    brought: dict[VaultEpoch, bytes] = {}
    for sealing in sealing_keys(journal):
        reader = crew.Reader(journal.office, journal.device, sealing, held)
        for fact in facts:
            try:
                brought |= crew.take(fact, parcel, reader)
            except SafeconductError:
                continue  # `_complete` says so.
    left = _passed_over(journal)
    return {where: key for where, key in brought.items() if where.vault not in left}


def _complete(journal: Journal, facts: list[KeyFact], keys: Mapping[VaultEpoch, bytes]) -> bool:
    there = keys.keys() | journal.keychain.sure().keys()
    left = _passed_over(journal)
    return all(there >= _due(fact, left) for fact in facts)
