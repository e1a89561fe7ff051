# SPDX-License-Identifier: AGPL-3.0-or-later
"""The private halves of intake keys: taken when a fact tells of one, destroyed when it is closed.

Each desk by itself (spec/mailbox.md 3); `intake_rotation` makes new ones.  A key is taken before
the letters that are sealed to it are read; one that came before its key is opened then.  An old
half is destroyed once the relay was seen to close its key, all that it took before was read here,
and a week has passed since, by two of three clocks: so long what a colleague recorded is read
again should that colleague's device turn out to be two.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Final, NamedTuple

from safeconduct.edges.desk.engine import aside, intake
from safeconduct.edges.desk.engine.ageing import clocks, is_old
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.judge import At
from safeconduct.edges.desk.engine.keys import NO_ID
from safeconduct.edges.desk.engine.own_keys import sealing_keys
from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.errors import Refused, SafeconductError, Untrusted
from safeconduct.kernel.log.checkpoint import parse_checkpoint
from safeconduct.kernel.ports import Courier, IntakeItem, ItemState
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.seal.unlock import SealingKey
from safeconduct.kernel.wire.refusals import Conflict, NotFound
from safeconduct.kernel.words import DAY, CommitId, DeviceId, Instant, MessageId
from safeconduct.rooms import crew, hotline
from safeconduct.rooms.crew import Clocks, HeldKey, parcel_hash
from safeconduct.rooms.hotline.events import IntakeKeyOpened
from safeconduct.rooms.hotline.letters import Certificate, item_epoch, parse_certificate

KIND: Final = "intake"
CLOSED_FOR: Final = 7 * DAY
"""The relay keeps letters for three days after they were taken (spec/relay.md 4)."""
_TOLD: Final = (
    "SELECT c.at, c.id, c.device, c.sequence, e.slot, e.vault, e.kind, e.version, e.body "
    'FROM entries e JOIN commits c ON c.no = e."commit" '
    "WHERE e.conversation IS NULL AND e.kind = 'hotline.IntakeKeyOpened' AND c.state = 0 "
    "ORDER BY e.no"
)
_WAITING: Final = (
    "SELECT idx, arrived, item, message FROM aside WHERE code = 'no_intake_key' ORDER BY idx"
)


class Told(NamedTuple):
    """An intake key that the page's key signed for; `at` is its commit's index in the log."""

    at: int | None
    fact: IntakeKeyOpened
    certificate: Certificate


class Closed(Record, frozen=True):
    """The relay of this key closed those below `epoch`; its intake held `size` letters then."""

    epoch: int
    relay: bytes
    size: int
    since: Clocks


NAME: Final = "intake_closed"
CLOSED: Final[Codec[Closed]] = Codec(Closed, NAME)


class IntakeKeys:
    """What this desk holds of them.  All calls come from one thread."""

    def __init__(self, journal: Journal, courier: Courier) -> None:
        """Check nothing yet."""
        self._journal: Final = journal
        self._courier: Final = courier
        self._checked: Final[dict[bytes, Certificate | None]] = {}
        self._useless: Final[set[bytes]] = set()

    def told(self) -> list[Told]:
        """Return the keys that facts tell of and the page's key signed for, the oldest first.

        Of one key several facts may tell, each with another parcel: one that fits is enough.
        """
        journal, found = self._journal, list[Told]()
        for at, commit, device, sequence, slot, vault, kind, version, body in journal.store.rows(
            _TOLD
        ):
            where = At(CommitId(commit), DeviceId(device), sequence)
            fact = hotline.parse_fact(kind, version, body)
            if not isinstance(fact, IntakeKeyOpened):
                continue
            if journal.judge.refusal(where, slot, kind, vault):
                continue
            certificate = self._certificate(fact)
            if certificate is not None:
                found.append(Told(at, fact, certificate))
        return sorted(found, key=lambda one: one.fact.epoch)

    def newest(self) -> Told | None:
        """Return the newest key, by the first fact that the confirmed log holds of it.

        Whoever writes of it again could else have it count as made after a removal.
        """
        told = self.told()
        first = next((one for one in told if one.fact.epoch == told[-1].fact.epoch), None)
        if first is None or first.at is None or first.at >= self._journal.seen.size:
            return None
        return first

    def take(self) -> None:
        """Take the keys that this desk was not given yet; called before letters are read.

        Raises:
            Unreachable: later.
        """
        keychain = self._journal.keychain
        oldest = keychain.intake_epochs()[:1]  # What is older was destroyed, or never ours.
        for one in self.told():
            if oldest < [one.fact.epoch] and oldest and keychain.intake(one.fact.epoch) is None:
                self._take(one)
        self._open_waiting()

    def close(self) -> None:
        """Publish the newest certificate, and destroy the halves of keys that are long closed.

        A key that this desk lacks is for others to publish: it may be that nobody holds it.

        Raises:
            Unreachable: later.
            StoreFull: nothing was kept.
        """
        journal, newest = self._journal, self.newest()
        if newest is None or journal.behind or not journal.keychain.intake(newest.fact.epoch):
            return
        closed = journal.store.setting(NAME, CLOSED)
        here = (newest.fact.epoch, journal.place.relay_key)
        if closed is None or (closed.epoch, closed.relay) != here:
            journal.store.put_setting(NAME, self._publish(newest))
        else:
            self._destroy(closed)

    def _publish(self, newest: Told) -> Closed:
        """Let pages seal to the newest key; where a newer one stands, all that we know is closed.

        What an honest relay took for the keys before lies below the checkpoint that it signs then.
        """
        journal, courier = self._journal, self._courier
        with suppress(Conflict):
            courier.publish(newest.fact.certificate)
        checkpoint = parse_checkpoint(courier.checkpoint("intake"), journal.place.relay())
        since = clocks(journal, courier)
        return Closed(newest.fact.epoch, journal.place.relay_key, checkpoint.size, since)

    def _destroy(self, closed: Closed) -> None:
        """Destroy what opens letters to keys that are closed, once all of these were read here."""
        journal, epochs = self._journal, self._journal.keychain.intake_epochs()
        old = [epoch for epoch in epochs if epoch < closed.epoch]
        if not old or closed.epoch not in epochs or not self._read_all(closed):
            return
        if is_old(journal, self._courier, closed.since, CLOSED_FOR):
            journal.keychain.let_go(old)
            journal.store.cut_log()

    def _read_all(self, closed: Closed) -> bool:
        """Tell whether every letter to a closed key was read, and none is to be read again."""
        confirmed = self._journal.log.watch("intake").confirmed.size
        return confirmed >= closed.size and not intake.is_to_read_again(self._journal)

    def _certificate(self, fact: IntakeKeyOpened) -> Certificate | None:
        if fact.certificate not in self._checked:
            journal, found = self._journal, None
            founded = journal.roster.founded
            assert founded is not None
            signer = LongVerifyKey.parse(founded.intake_signing_key)
            with suppress(SafeconductError):  # A colleague may write of one that nobody signed.
                found = parse_certificate(fact.certificate, journal.office, signer)
            self._checked[fact.certificate] = found
        certificate = self._checked[fact.certificate]
        return certificate if certificate and certificate.epoch == fact.epoch else None

    def opened_by(self, one: Told, keys: Iterable[SealingKey]) -> HeldKey | None:
        """Return the private half that a fact's parcel holds for one of some keys, if it fits.

        Raises:
            NotFound: the relay has no such parcel.
            Unreachable: later.
        """
        parcel = self._courier.parcel(one.fact.parcel)
        for key in keys if parcel_hash(parcel) == one.fact.parcel else ():
            with suppress(SafeconductError):
                for held in crew.open_parcel(parcel, self._journal.office, key):
                    if _fits(held, one):
                        return held
        return None

    def recovered(self, cards: SealingKey) -> list[HeldKey]:
        """Return the private halves that recovery cards open, but those that were destroyed here.

        Raises:
            Unreachable: later.
        """
        oldest, found = self._journal.keychain.intake_epochs()[:1], list[HeldKey]()
        for one in self.told():
            with suppress(NotFound):
                held = self.opened_by(one, [cards]) if oldest <= [one.fact.epoch] else None
                found += [held] if held else []
        return found

    def _take(self, one: Told) -> None:
        journal, name = self._journal, one.fact.parcel
        if name in self._useless:
            return
        try:
            held = self.opened_by(one, sealing_keys(journal))
        except (Refused, Untrusted):
            return  # Withheld: asked for again at the next pull.
        if held is None:  # Made while this device was removed, or no true one.
            self._useless.add(name)
        else:
            journal.keychain.add([held])

    def _open_waiting(self) -> None:
        """Read the letters that came before their key."""
        journal, opened = self._journal, False
        for at, arrived, item, message in journal.store.rows(_WAITING):
            epoch = item_epoch(item, journal.office)
            if journal.keychain.intake(epoch) is None:
                continue
            letter, opened = IntakeItem(at, Instant(arrived), ItemState.WAITS, item), True
            with journal.store.transaction():
                aside.take_out(journal, letter, MessageId(message))
                if not intake.receive(journal, letter, MessageId(message)):
                    aside.let_go(journal, [letter])
        if opened and not journal.store.value("SELECT count(*) FROM aside"):
            journal.store.forget_troubles("letter_aside")


def _fits(held: HeldKey, one: Told) -> bool:
    """Tell whether a key is the private half of what a certificate names."""
    if (held.kind, held.id, held.epoch) != (KIND, NO_ID, one.fact.epoch):
        return False
    try:
        return SealingKey.from_seed(held.key).public.raw == one.certificate.key
    except SafeconductError:
        return False
