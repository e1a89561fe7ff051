# SPDX-License-Identifier: AGPL-3.0-or-later
"""New intake keys, by a steward's desk that holds the page's key (spec/mailbox.md 3).

Every 30 days by two of three clocks, and after a removal, a return or new recovery cards that the
newest key does not know of, and where the newest did not come along to another relay.
The parcel goes to the relay, then the fact and the private half become durable in one step; pages
are told once the log holds the fact, so that whoever reads letters can have the key.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine import intake_again, page_key, post, rotating
from safeconduct.edges.desk.engine.ageing import clocks, is_old
from safeconduct.edges.desk.engine.intake_keys import KIND, IntakeKeys, Told
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import NO_ID
from safeconduct.edges.desk.engine.told import counted
from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.keys import LongSigningKey
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.words import HASH_BYTES, DeviceId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import Clocks, HeldKey, Role, Roster
from safeconduct.rooms.crew.card_facts import RecoverySplit
from safeconduct.rooms.crew.events import DeviceReadmitted
from safeconduct.rooms.crew.rotation import EPOCH_RENEWED_MOST, STRIDE
from safeconduct.rooms.hotline.events import IntakeKeyOpened
from safeconduct.rooms.hotline.letters import Certificate, write_certificate

REASON: Final = "intake"
SEED_BYTES: Final = 32
_PLACE: Final = "SELECT max(at) FROM commits WHERE id = ?"


class Seen(Record, frozen=True):
    """Since when this desk knows the newest intake key."""

    epoch: int
    since: Clocks


SEEN: Final[Codec[Seen]] = Codec(Seen, "intake_seen")
NAME: Final = "intake_seen"


class IntakeRotation:
    """When a new intake key is made from here.  All calls come from one thread."""

    def __init__(self, journal: Journal, courier: Courier, keys: IntakeKeys) -> None:
        """Ask `keys` which ones there are."""
        self._journal: Final = journal
        self._courier: Final = courier
        self._keys: Final = keys
        self._unchanged: tuple[Roster, int] | None = None

    def look(self) -> None:
        """Make a new key if it is time, and this desk can.

        Raises:
            Unreachable, Refused: the relay did not take the parcel; to be taken up later.
            StoreFull: nothing was kept.
        """
        journal, newest = self._journal, self._keys.newest()
        if newest is None or not rotating.able(journal) or rotating.asked(journal):
            return
        if not page_key.seed_of(journal):
            return
        seen = journal.store.setting(NAME, SEEN)
        if seen is None or seen.epoch != newest.fact.epoch:
            seen = Seen(newest.fact.epoch, clocks(journal, self._courier))
            journal.store.put_setting(NAME, seen)
        if (
            intake_again.lacks(journal, newest)
            or self._others_read(newest.at or 0)
            or is_old(journal, self._courier, seen.since)
        ):
            self._make(newest)

    def _others_read(self, at: int) -> bool:
        """Tell whether the key at an index was made for others than are to read letters now."""
        journal = self._journal
        if self._unchanged is not None and self._unchanged == (journal.roster, at):
            return False
        removed = {one for gone in journal.roster.removed.values() for one in gone.removals}
        changes = [one[:HASH_BYTES] for one in removed]
        changes += [one.told.commit for one in counted(journal, DeviceReadmitted, RecoverySplit)]
        places = [journal.store.value(_PLACE, (commit,)) for commit in changes]
        found = any(place is not None and place > at for place in places)
        settled = not found and None not in places  # Else one is on its way to the log.
        self._unchanged = (journal.roster, at) if settled else None
        return found

    def _make(self, newest: Told) -> None:
        journal, seed = self._journal, self._journal.rng.bytes(SEED_BYTES)
        drawn = int.from_bytes(journal.rng.bytes(2), "big")
        epoch = (newest.fact.epoch // STRIDE + 1) * STRIDE + drawn
        circle = journal.keys.circle()
        if circle is None or newest.fact.epoch > EPOCH_RENEWED_MOST:
            return
        held = HeldKey(KIND, NO_ID, epoch, seed)
        readers = [one for one in sorted(circle.devices) if self._is_to_read(one)]
        wraps = [circle.devices[one] for one in readers]
        recipients = (*wraps, circle.recovery)
        packer = circle.packer(journal.rng)
        parcel = crew.write_parcel(packer, REASON, [(key, [held]) for key in recipients])
        fact = IntakeKeyOpened(epoch, _certificate(journal, held), crew.parcel_hash(parcel))
        planned_from, trips = journal.roster, journal.keys.facts().trips.away
        self._courier.put_parcel(parcel)
        with journal.store.lock:  # Where who reads changed meanwhile, it is planned anew.
            if journal.roster is planned_from and journal.keys.facts().trips.away == trips:
                keep(journal, fact, held)

    def _is_to_read(self, device: DeviceId) -> bool:
        """Tell whether a device is to open letters: it may, and did not leave them behind."""
        left = self._journal.keys.left_by(device)
        reads = self._journal.roster.roles(device) - {Role.LINE}
        return bool(reads) and self._journal.hotline_vault not in left


def keep(journal: Journal, fact: IntakeKeyOpened, held: HeldKey) -> None:
    """Tell of a new key, and keep its private half; all or nothing."""
    try:
        with journal.store.transaction():
            journal.write([post.fact(journal, fact)])
            journal.keychain.add([held])
    except BaseException:
        journal.load()
        raise


def _certificate(journal: Journal, held: HeldKey) -> bytes:
    now, public = journal.clock.now(), SealingKey.from_seed(held.key).public.raw
    closes = now + page_key.CERTIFICATE_LIVES
    certificate = Certificate(1, journal.office, held.epoch, public, now, closes)
    return write_certificate(certificate, LongSigningKey.from_seed(page_key.seed_of(journal)))
