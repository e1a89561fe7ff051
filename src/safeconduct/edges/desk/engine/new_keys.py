# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes the keys that facts say this device is given, and reads what waited for them.

What is lacking is found anew each time from the facts and the keychain, so that a cut loses
nothing.  A parcel that the relay withholds is asked for again, ever more rarely; one that does not
hold what its fact says is named, and stops no other (spec/crew.md 3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from safeconduct.edges.desk.engine.afterwards import check_all_cited
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.late import open_late
from safeconduct.kernel.errors import Refused, SafeconductError, Unreachable, Untrusted
from safeconduct.kernel.journal import VaultEpoch
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.words import SECOND, Instant, VaultId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import EpochOpened, KeysGranted, VaultOpened

FIRST_PAUSE: Final = SECOND // 2
LONGEST_PAUSE: Final = 60 * SECOND
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

    def _take_some(self, stopped: Callable[[], bool]) -> bool:
        stamp = self._journal.keys.stamp()
        if stamp == self._complete_at:
            return False
        took, lacking = False, _lacking(self._journal)
        self._complete_at = None if lacking else stamp
        self._pauses = {name: pause for name, pause in self._pauses.items() if name in lacking}
        if not lacking.keys() - self._useless:
            self._take_back(MISSING)
        for name, facts in lacking.items():
            if stopped() or name in self._useless or self._too_early(name):
                continue
            took |= self._take(name, facts)
        return took

    def _take(self, name: bytes, facts: list[KeyFact]) -> bool:
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
            return False
        keys = _brought(journal, facts, parcel)
        if not _complete(journal, facts, keys):  # Those bytes will never say anything else.
            self._useless.add(name)
            journal.trouble(LACKING)
        return learn(journal, keys)

    def _too_early(self, name: bytes) -> bool:
        due, pause = self._pauses.get(name, (0, 0))
        now = self._journal.clock.now()
        return now < due <= now + pause  # Due later than that it is since the clock was set.

    def _ask_later(self, name: bytes) -> None:
        _, before = self._pauses.get(name, (0, 0))
        pause = min(2 * before or FIRST_PAUSE, LONGEST_PAUSE)
        self._pauses[name] = (Instant(self._journal.clock.now() + pause), pause)

    def _take_back(self, code: str) -> None:
        """Say no more that a parcel is missing, once none is."""
        journal = self._journal
        if journal.store.value("SELECT 1 FROM troubles WHERE code = ?", (code,)) is None:
            return
        with journal.store.transaction() as writer:
            writer.execute("DELETE FROM troubles WHERE code = ?", (code,))
        journal.changed()


def learn(journal: Journal, keys: Mapping[VaultEpoch, bytes]) -> bool:
    """Keep keys that were not held, then read what waited for them; False when there were none.

    The keys are durable before anything is read with them, and what waits stands in the store:
    after a cut the next start reads it.
    """
    with journal.store.lock:
        held = journal.keychain.held()
        fresh = {where: key for where, key in keys.items() if where not in held}
        if not fresh:
            return False
        try:
            with journal.store.transaction():
                journal.keychain.add(crew.held_keys(fresh))
                late = open_late(journal, fresh)
                journal.lists.refresh(late.touched)
        finally:
            journal.load()
        if late.again:
            journal.read_again()
        else:
            journal.offer_again()
    journal.changed()
    return True


def _lacking(journal: Journal) -> dict[bytes, list[KeyFact]]:
    """Return parcels, with the facts that say that they bring this device a key it lacks."""
    held = journal.keychain.held()
    found: dict[bytes, list[KeyFact]] = {}
    for _, fact in journal.keys.facts().heard:
        if isinstance(fact, VaultOpened) or held.keys() >= set(crew.keys_named(fact)):
            continue
        teams = fact.teams if isinstance(fact, KeysGranted) else ()
        if journal.device in fact.devices or any(
            VaultEpoch(VaultId(team.vault), team.epoch) in held for team in teams
        ):
            found.setdefault(fact.parcel, []).append(fact)
    return found


def _brought(journal: Journal, facts: list[KeyFact], parcel: bytes) -> dict[VaultEpoch, bytes]:
    """Return what a parcel holds for this device of what facts say that it does."""
    sealing, held = journal.secrets.sealing_key(), journal.keychain.held()
    reader = crew.Reader(journal.office, journal.device, sealing, held)
    brought: dict[VaultEpoch, bytes] = {}
    for fact in facts:
        try:
            brought |= crew.take(fact, parcel, reader)
        except SafeconductError:
            continue  # `_complete` says so.
    return brought


def _complete(journal: Journal, facts: list[KeyFact], keys: Mapping[VaultEpoch, bytes]) -> bool:
    there = keys.keys() | journal.keychain.held().keys()
    return all(there >= set(crew.keys_named(fact)) for fact in facts)
