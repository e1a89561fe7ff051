# SPDX-License-Identifier: AGPL-3.0-or-later
"""A first desk out of a backup and the recovery cards alone (spec/backup.md 5).

    with unpacked(source, who, home, passphrase) as restoring:
        restoring.begin(Use(taken))        # else nothing is left of it
    # then `restoring_relay` founds the relay

The desk is made in a folder beside its own, which it gets in one step once it is whole: a cut
before leaves nothing that counts, and a cut after it leaves a desk that goes on.
It is a new device that the root key admits, so no device's number is ever signed twice.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from safeconduct.edges.desk import recovering
from safeconduct.edges.desk.backup_file import Whole, read_pieces
from safeconduct.edges.desk.engine.held import read_from_disk
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import DeviceSecrets, Keychain, Place
from safeconduct.edges.desk.engine.new_keys import KeyTaker
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.edges.desk.founding import World, new_store
from safeconduct.edges.desk.recovering import Opened, Use
from safeconduct.edges.desk.settling import settle
from safeconduct.edges.desk.store import Store
from safeconduct.edges.desk.store_log import LogShelf
from safeconduct.host import sync_folder
from safeconduct.kernel.canon import Bytes32, Codec
from safeconduct.kernel.errors import Untrusted
from safeconduct.kernel.journal import Seen
from safeconduct.kernel.log.merkle import root_at
from safeconduct.kernel.wire.refusals import NotFound
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms import crew
from safeconduct.rooms.crew import (
    OFFICE_KEY,
    DeviceAdmitted,
    EpochOpened,
    HeldKey,
    KeysGranted,
    Role,
)
from safeconduct.rooms.crew.backup import (
    End,
    Head,
    Kind,
    Trailer,
    parse_end,
    parse_head,
    parse_keys,
)
from safeconduct.rooms.crew.backup_facts import BackedUp
from safeconduct.rooms.crew.decide import NameTaken
from safeconduct.rooms.crew.events import SIGNED, check_fact, parse_fact
from safeconduct.rooms.crew.recovery import root_of
from safeconduct.rooms.crew.words import office_id

if TYPE_CHECKING:
    from safeconduct.kernel.ports import Courier
    from safeconduct.rooms.crew.shares import Share

BESIDE: Final = ".unfinished"
FRAMES_BYTES: Final = 8 << 20
RESTORED: Final = "restored_from"
"""The hash of the backup that this desk came from, as long as something of it is to be brought."""
OWN_PARCEL: Final = "restored_parcel"
_PARCEL: Final = "backup_parcel:"
_DIGEST: Final[Codec[bytes]] = Codec(Bytes32, RESTORED)
_BYTES: Final[Codec[bytes]] = Codec(bytes, OWN_PARCEL)


class BackupForeign(Untrusted):
    """What opens is no backup that a steward of this office made, or not this one."""

    code = "backup_foreign"


@dataclass(frozen=True, slots=True)
class Source:
    """A backup that is whole, what its trailer says, and the cards that opened it."""

    whole: Whole
    trailer: Trailer
    shares: Sequence[Share]


@dataclass(frozen=True, slots=True)
class Who:
    """What colleagues will call the person and the new device."""

    person: str
    device: str


class Restoring:
    """A desk that was read from a backup, in a folder beside its own."""

    def __init__(self, journal: Journal, source: Source, who: Who, held: tuple[Head, End]) -> None:
        """Hold it to the cards and to who signed it.

        Raises:
            OtherSecret, CardsDisputed: the cards are not those that count in it.
            BackupForeign: no steward of this office signed for it.
            NameTaken: another device is called so.
        """
        self.journal: Final = journal
        self.head, self.end = held
        self.begun = False
        self._who: Final = who
        self._source: Final = source
        self._opened: Final[Opened] = recovering.open_cards(journal, source.shares)
        self.maker: Final = _hold_to_maker(journal, source, self.head)
        members = journal.roster.members.values()
        if any(member.device.name == who.device for member in members):
            raise NameTaken

    def begin(self, asked: Use) -> None:
        """Admit this device with the cards, make it a steward's, and take what they open.

        Raises:
            CardsChangeNothing: the roster would not follow.
        """
        journal, parcels = self.journal, cast("Courier", _Parcels(self.journal.store))
        root = b"", root_of(self._opened.secret)
        card, roles = journal.secrets.card(), (Role.STEWARD.value,)
        admitted = DeviceAdmitted(card, self._who.person, roles)
        journal.write([crew_fact(journal.crew_vault, admitted, journal.office, root)])
        recovering.use(journal, parcels, self._opened, asked)
        _tell_own_keys(journal)
        KeyTaker(journal, parcels).take_all()
        store = journal.store
        with store.transaction() as writer:
            writer.execute("DELETE FROM settings WHERE name LIKE ?", (_PARCEL + "%",))
            store.put_setting(RESTORED, self._source.whole.digest)
        store.cut_log()
        self.begun = True


@contextmanager
def unpacked(
    source: Source, who: Who, home: Path, passphrase: str, world: World | None = None
) -> Iterator[Restoring]:
    """Read a backup into a new desk; it stands in its folder afterwards if it was begun.

    Raises:
        CannotOpen, BackupDamaged, Malformed, BackupForeign, others: it is not what it should be.
        StoreFull, OSError: the disk is full.  Nothing is left then, nor where it was not begun.
    """
    world = world or World.real()
    beside = home.with_name(home.name + BESIDE)
    if beside.exists():
        shutil.rmtree(beside)  # A run that was cut left it; it belongs to nobody yet.
    try:
        with new_store(beside, passphrase, world) as store:
            held = _fill(store, source, DeviceSecrets.fresh(who.device, world.rng), world)
            journal = Journal(store, world.clock, world.rng)
            read_from_disk(journal)
            restoring = Restoring(journal, source, who, held)
            yield restoring
        if restoring.begun:
            settle(beside, world.rng)
            with suppress(FileNotFoundError):
                home.rmdir()
            beside.replace(home)
            sync_folder(home.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def restored_from(store: Store) -> bytes | None:
    """Return the hash of the backup of which this desk still has to bring something."""
    return store.setting(RESTORED, _DIGEST)


def own_parcel(store: Store) -> bytes | None:
    """Return the parcel that facts name for this device, and that no relay has yet."""
    return store.setting(OWN_PARCEL, _BYTES)


class _Parcels:
    """The key parcels of the backup, in the place of a relay's."""

    def __init__(self, store: Store) -> None:
        self._store: Final = store

    def parcel(self, name: bytes) -> bytes:
        """Return one; raises NotFound."""
        found = self._store.setting(_PARCEL + name.hex(), _BYTES)
        if found is None:
            raise NotFound
        return found


def _fill(store: Store, source: Source, secrets: DeviceSecrets, world: World) -> tuple[Head, End]:
    """Put a backup into an empty store, piece by piece; return how it begins and ends."""
    head, end = None, None
    filling = _Filling(store)
    for kind, body in read_pieces(source.whole, source.trailer):
        if head is None:
            head = _begin_with(kind, body, source)
            _settle_in(store, head, source, secrets, world)
        elif kind is Kind.END:
            end = parse_end(body)
        else:
            filling.take(kind, body, head)
    filling.flush()
    if head is None or end is None or filling.frames != head.size or end.frames != head.size:
        raise BackupForeign
    shelf = LogShelf(store)
    if root_at(head.size, shelf.subtree) != head.root:
        raise BackupForeign
    store.put_setting("tree.log", Seen(head.size, head.root))
    return head, end


def _begin_with(kind: Kind, body: bytes, source: Source) -> Head:
    if kind is not Kind.HEAD:
        raise BackupForeign
    head = parse_head(body)
    if office_id(head.root_key) != source.trailer.office:
        raise BackupForeign
    return head


def _settle_in(
    store: Store, head: Head, source: Source, secrets: DeviceSecrets, world: World
) -> None:
    place = Place(
        *(source.trailer.office, head.root_key, head.crew_vault),
        *(head.relay_url, head.relay_key, world.rng.bytes(32)),
    )
    with store.transaction():
        store.put_setting("device", secrets)
        store.put_setting("place", place)


class _Filling:
    """Pieces on their way into a store."""

    def __init__(self, store: Store) -> None:
        self._store: Final = store
        self._log: Final = LogShelf(store)
        self._run: list[bytes] = []
        self._bytes = 0
        self._unsent = 0
        self.frames = 0

    def take(self, kind: Kind, body: bytes, head: Head) -> None:
        """Put one piece where it belongs; files stay where they are."""
        match kind:
            case Kind.FRAME:
                self._take_frame(body)
            case Kind.KEYS:
                Keychain(self._store).add(parse_keys(body))
            case Kind.UNSENT:
                with self._store.transaction() as writer:
                    row = (self._unsent - head.unsent, body)
                    writer.execute("INSERT INTO outbox VALUES (?, ?, NULL)", row)
                self._unsent += 1
            case Kind.PARCEL:
                name = crew.parcel_hash(body).hex()
                self._store.put_setting(_PARCEL + name, body)
            case _:
                pass

    def _take_frame(self, frame: bytes) -> None:
        self._run.append(frame)
        self._bytes += len(frame)
        if self._bytes >= FRAMES_BYTES:
            self.flush()

    def flush(self) -> None:
        """Keep the frames that were gathered."""
        if self._run:
            self._log.add(self.frames, self._run)
            self.frames += len(self._run)
            self._run, self._bytes = [], 0


def _hold_to_maker(journal: Journal, source: Source, head: Head) -> crew.Member:
    """Return whose device made a backup; it must be a steward's, and have signed for this one.

    Whoever knows the cards' public half could else seal a log that is cut short.
    """
    signed = SIGNED.decode(source.trailer.noted)
    maker = journal.roster.members.get(DeviceId(signed.signer))
    if maker is None or Role.STEWARD not in journal.roster.roles(maker.device.id):
        raise BackupForeign
    check_fact("crew.BackedUp", signed, journal.office, maker.device.signing)
    fact = parse_fact("crew.BackedUp", signed)
    assert isinstance(fact, BackedUp)
    if (fact.digest, fact.size) != (source.whole.digest, head.size):
        raise BackupForeign
    return maker


def _tell_own_keys(journal: Journal) -> None:
    """Tell which keys this device holds now, so that it is given the next ones too."""
    keys, facts = journal.keychain.sure(), journal.keys.facts()
    named = {where: key for where, key in keys.items() if facts.named(where)}
    mine = [
        HeldKey("office" if one.vault == OFFICE_KEY else "vault", one.vault, one.epoch, key)
        for one, key in named.items()
    ]
    recipient = journal.secrets.sealing_key().public
    packer = journal.keys.packer(journal.rng)
    parcel = crew.write_parcel(packer, recovering.REASON, [(recipient, mine)])
    name, signer = crew.parcel_hash(parcel), (journal.device, journal.secrets.signing_key())
    vaults = crew.key_groups(where for where in named if where.vault != OFFICE_KEY)
    epoch, _ = journal.keys.newest()[OFFICE_KEY]
    told = (
        EpochOpened(OFFICE_KEY, epoch, name, (journal.device,)),
        KeysGranted(vaults, name, (journal.device,), ()),
    )
    vault, office = journal.crew_vault, journal.office
    with journal.store.transaction():
        journal.store.put_setting(OWN_PARCEL, parcel)
        journal.write([crew_fact(vault, one, office, signer) for one in told])
