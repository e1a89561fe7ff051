# SPDX-License-Identifier: AGPL-3.0-or-later
"""Make a backup of the whole office from a steward's desk (spec/backup.md 2).

    made = back_up(desk.journal, courier, Path("/media/stick"), Wish(7, frozenset()))

What the desk holds is sealed as it stands: frames of the log, keys, and what was not sent yet.
Key parcels and files are fetched from the relay, if there is one.  The file has its name only once
it is whole and synced, so a cut leaves older ones as they were; then the office notes that it was
made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from safeconduct.edges.desk.attachments import fetched_chunk
from safeconduct.edges.desk.backup_file import BackupWriter, new_backup
from safeconduct.edges.desk.engine import copies, files_again, post
from safeconduct.edges.desk.engine.intake_keys import IntakeKeys
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import TOLD
from safeconduct.edges.desk.engine.pen import StoreIsBehind, crew_fact
from safeconduct.edges.desk.engine.sync import Puller
from safeconduct.edges.desk.recovering import CardsDisputed, parcels_named
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.lock import BlobPlan, SealingPublicKey, plan_blob
from safeconduct.kernel.wire.refusals import NotFound
from safeconduct.kernel.words import BlobId
from safeconduct.rooms.crew import HeldKey
from safeconduct.rooms.crew.backup import (
    End,
    Head,
    Kind,
    Trailer,
    seal_trailer,
    write_end,
    write_file_head,
    write_head,
    write_keys,
    write_piece,
)
from safeconduct.rooms.crew.backup_facts import DAYS, BackedUp
from safeconduct.rooms.crew.cases import TravelsLight
from safeconduct.rooms.crew.decide import need_steward

FRAMES_AT_ONCE: Final = 64
KEY_BYTES: Final = 32
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: where it is, and how much is in it."""

    path: Path
    held: End


@dataclass(slots=True)
class _Count:
    """How much was written so far."""

    frames: int = 0
    unsent: int = 0
    parcels: int = 0
    files: int = 0
    lacking: int = 0

    def end(self) -> End:
        return End(self.frames, self.unsent, self.parcels, self.files, self.lacking)


@dataclass(slots=True)
class _Making:
    """One backup on its way; without a courier there is no relay to fetch from."""

    journal: Journal
    courier: Courier | None
    told: Told
    count: _Count = field(default_factory=_Count)


def come_in_step(journal: Journal, courier: Courier) -> None:
    """Bring the relay what waits and read what it has, so that a backup holds both.

    Raises:
        Unreachable: there is no relay now; a backup then holds what this desk has.
    """
    puller = Puller(journal, courier, journal.place.relay())
    try:
        while post.push(journal, courier):
            pass
        puller.pull()
        while post.push(journal, courier):
            pass
        puller.pull_log()
    finally:
        puller.close()


def back_up(
    journal: Journal,
    courier: Courier | None,
    folder: Path,
    *,
    days: int = DAYS,
    told: Told = lambda _done, _all: None,
) -> Made:
    """Make a backup in a folder; `days` is after how many the office wants the next one.

    `told` hears how many records of how many are in it.

    Raises:
        NotASteward, StoreIsBehind, TravelsLight: this device makes none.
        CardsDisputed: no recovery cards count that could open it.
        BackupFolderMissing: there is no such folder.
        Unreachable: the relay fell silent; nothing was made.
        OSError: the disk is full, or cannot be written; nothing was made.
    """
    recovery = _need_maker(journal)
    key = journal.rng.bytes(KEY_BYTES)
    making = _Making(journal, courier, told)
    with new_backup(folder, journal.rng) as (file, target):
        writer = BackupWriter(file, key)
        for piece in _pieces(making):
            writer.add(piece)
        size, digest = writer.end()
        fact = _noted(journal, BackedUp(digest, journal.seen.size, days))
        trailer = Trailer(1, journal.office, key, size, fact.body)
        writer.close(seal_trailer(recovery, trailer))
    journal.write([fact])
    if courier is not None:
        while post.push(journal, courier):
            pass
    return Made(target, making.count.end())


def _need_maker(journal: Journal) -> SealingPublicKey:
    """Return to which cards this desk may seal a backup."""
    need_steward(journal.roster, journal.device)
    if journal.behind:
        raise StoreIsBehind
    if journal.device in journal.keys.travelling():
        raise TravelsLight
    if not journal.roster.cards.recovery_key:
        raise CardsDisputed
    return SealingPublicKey.parse(journal.roster.cards.recovery_key)


def _noted(journal: Journal, event: BackedUp) -> Fact:
    signer = journal.device, journal.secrets.signing_key()
    return crew_fact(journal.crew_vault, event, journal.office, signer)


def _pieces(making: _Making) -> Iterator[bytes]:
    unsent = _unsent(making.journal)
    yield write_head(_head(making.journal, len(unsent)))
    yield from write_keys(_keys(making.journal))
    yield from _frames(making)
    for frame in unsent:
        making.count.unsent += 1
        yield write_piece(Kind.UNSENT, frame)
    yield from _parcels(making)
    yield from _files(making)
    yield write_end(making.count.end())


def _head(journal: Journal, unsent: int) -> Head:
    place, log = journal.place, journal.log.watch("log").confirmed
    return Head(
        format=1,
        made=journal.clock.now(),
        root_key=place.root_key,
        crew_vault=place.crew_vault,
        relay_url=place.relay_url,
        relay_key=place.relay_key,
        size=log.size,
        root=log.root,
        unsent=unsent,
    )


def _unsent(journal: Journal) -> list[bytes]:
    """Return what the log does not hold yet, in its order: frames that wait in the outbox."""
    return [row[0] for row in journal.store.rows("SELECT frame FROM outbox ORDER BY sequence")]


def _keys(journal: Journal) -> list[HeldKey]:
    """Return what this desk holds and the cards may bring back."""
    lost = {vault.id for vault in journal.keys.vaults().values() if not vault.recoverable}
    return [one for one in journal.keychain.all() if one.id not in lost and one.kind != TOLD]


def _frames(making: _Making) -> Iterator[bytes]:
    """Yield the log as far as it was confirmed."""
    journal, count = making.journal, making.count
    size = journal.log.watch("log").confirmed.size
    while count.frames < size:
        some = journal.log.frames(count.frames, min(FRAMES_AT_ONCE, size - count.frames))
        for frame in some:
            yield write_piece(Kind.FRAME, frame)
        count.frames += len(some)
        making.told(count.frames, size)


def _parcels(making: _Making) -> Iterator[bytes]:
    """Yield the key parcels at the relay: what others hold and this desk does not."""
    if making.courier is None:
        return
    journal = making.journal
    of_intake = {one.fact.parcel for one in IntakeKeys(journal, making.courier).told()}
    for name in sorted(parcels_named(journal) | of_intake):
        with suppress(NotFound):
            parcel = making.courier.parcel(name)
            making.count.parcels += 1
            yield write_piece(Kind.PARCEL, parcel)


def _files(making: _Making) -> Iterator[bytes]:
    """Yield every file that records name, as it is sealed; count those that are nowhere."""
    for file in files_again.named_files(making.journal):
        plan = plan_blob(file.key, file.size)
        kept = copies.whole(making.journal.store, plan)
        if not kept and not _is_there(making.courier, plan):
            making.count.lacking += 1
            continue
        making.count.files += 1
        yield write_file_head(plan.blob, plan.chunks, plan.padded)
        for index in range(plan.chunks):
            yield write_piece(Kind.CHUNK, _chunk(making, plan.blob, index))


def _is_there(courier: Courier | None, plan: BlobPlan) -> bool:
    state = (plan.chunks, plan.chunks)
    return courier is not None and post.file_state(courier, plan.blob) == state


def _chunk(making: _Making, blob: BlobId, index: int) -> bytes:
    kept = copies.chunk(making.journal.store, blob, index)
    if kept is not None:
        return kept
    assert making.courier is not None
    return fetched_chunk(making.courier, blob, index)
