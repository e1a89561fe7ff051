# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups of a rehearsal's office, and desks that are restored from them."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from safeconduct.edges.desk import anew, backing_up, moving, standing_up
from safeconduct.edges.desk.backup_file import BackupWriter, check_whole
from safeconduct.edges.desk.engine.pen import crew_fact
from safeconduct.edges.desk.office import Desk
from safeconduct.edges.desk.recovering import Opened, Use
from safeconduct.edges.desk.restoring import Source, Who, unpacked
from safeconduct.kernel.log.merkle import root_at
from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.kernel.words import DeviceId
from safeconduct.rooms.crew.backup import (
    End,
    Head,
    Kind,
    Trailer,
    open_trailer,
    seal_trailer,
    write_end,
    write_head,
    write_keys,
    write_piece,
)
from safeconduct.rooms.crew.backup_facts import BackedUp
from safeconduct.rooms.crew.recovery import root_of, sealing_of
from safeconduct.rooms.crew.shares import Scheme, Share, combine, split
from tests.kit.moves import Elsewhere
from tests.sim.courier import PASSPHRASE, Rehearsal

RESTORED: Final = "restored"
WHO: Final = Who("Cato", "Cato's laptop")


def cards(stage: Rehearsal) -> tuple[Share, ...]:
    """Enough of the founding's cards."""
    return split(stage.recovery_secret, Scheme(2, 3))[:2]


def back_up(stage: Rehearsal, name: str = "first", *, days: int = 7) -> Path:
    """Make a backup on a desk's stick, with the relay."""
    desk, stick = stage.desks[name], stage.folder / "stick"
    stick.mkdir(exist_ok=True)
    courier = stage.courier(desk)
    backing_up.come_in_step(desk.journal, courier)
    return backing_up.back_up(desk.journal, courier, stick, days=days).path


def opened(path: Path, shares: Sequence[Share]) -> Source:
    """Open a backup with cards."""
    whole = check_whole(path)
    return Source(whole, open_trailer(sealing_of(combine(shares)), whole.trailer), shares)


def lose_desks(stage: Rehearsal, *names: str) -> None:
    """Let desks be taken: nothing of them is left."""
    for name in names:
        stage.desks.pop(name).stop()
        shutil.rmtree(stage.folder / name)


def make_desk(stage: Rehearsal, source: Source, taken: Collection[DeviceId] = ()) -> Desk:
    """Make a desk of a bare folder."""
    home = stage.folder / RESTORED
    with unpacked(source, WHO, home, PASSPHRASE, stage.world) as restoring:
        restoring.begin(Use(tuple(taken)))
    return stage.unlock(RESTORED)


def stand_up(there: Elsewhere, source: Source) -> tuple[Desk, str]:
    """Let a desk that was made so found the office at an empty relay; return the text of that."""
    stage = there.stage
    desk = stage.desks[RESTORED]
    if not standing_up.is_there(desk.journal):
        anew.found_anew(desk.journal, there.way(), there.url, there.code())
    desk = there.again(RESTORED)
    moving.tell_by_cards(desk.journal, root_of(combine(source.shares)))
    standing_up.bring(desk.journal, there.courier(desk), (source.whole, source.trailer))
    text = moving.telling(desk.journal)
    assert text is not None
    return desk, text


def come_back(stage: Rehearsal, source: Source, taken: Collection[DeviceId]) -> Desk:
    """Let such a desk come back to the office's own relay."""
    desk = stage.desks[RESTORED]
    secret = Opened(source.shares, combine(source.shares))
    standing_up.come_back(desk.journal, stage.courier(desk), secret, lambda: Use(tuple(taken)))
    backup = source.whole, source.trailer
    standing_up.bring(desk.journal, stage.courier(desk), backup)
    return desk


def forge(desk: Desk, path: Path, *, frames: int, noted: bytes = b"") -> Path:
    """Seal what a desk holds of the log, cut short, as somebody does who may make no backup.

    `noted` is the fact of another backup; without it the desk signs one itself.
    """
    journal, rng = desk.journal, desk.journal.rng
    key, place = rng.bytes(32), desk.journal.place
    root = root_at(frames, journal.log.subtree)
    where = place.root_key, place.crew_vault, place.relay_url, place.relay_key
    head = Head(1, journal.clock.now(), *where, frames, root, 0)
    with path.open("wb") as file:
        writer = BackupWriter(file, key)
        writer.add(write_head(head))
        for piece in write_keys(journal.keychain.all()):
            writer.add(piece)
        for frame in journal.log.frames(0, frames):
            writer.add(write_piece(Kind.FRAME, frame))
        writer.add(write_end(End(frames, 0, 0, 0, 0)))
        size, digest = writer.end()
        signer = journal.device, journal.secrets.signing_key()
        own = crew_fact(journal.crew_vault, BackedUp(digest, frames, 7), journal.office, signer)
        trailer = Trailer(1, journal.office, key, size, noted or own.body)
        recovery = SealingPublicKey.parse(journal.roster.cards.recovery_key)
        writer.close(seal_trailer(recovery, trailer))
    return path
