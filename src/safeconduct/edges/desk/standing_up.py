# SPDX-License-Identifier: AGPL-3.0-or-later
"""Let an office that was restored from a backup stand up at a relay (spec/backup.md 5).

At an empty one, as after a server was lost, or at its own where only the desks were lost.
Each step may be cut and done again; the last one drops the mark that something is left to do.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from safeconduct.edges.desk import moving, recovering
from safeconduct.edges.desk.backup_file import Whole, read_pieces
from safeconduct.edges.desk.engine import files_again, post, removing, reopening
from safeconduct.edges.desk.engine.cited import WENT, WENT_OVER
from safeconduct.edges.desk.engine.drawing import under_way
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.sync import Puller
from safeconduct.edges.desk.recovering import Opened, Use
from safeconduct.edges.desk.restoring import OWN_PARCEL, RESTORED, own_parcel
from safeconduct.edges.desk.store_log import NUMBER
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.wire.refusals import BlobDiffers
from safeconduct.kernel.words import BlobId
from safeconduct.rooms.crew.backup import FileHead, Kind, Trailer, parse_file_head
from safeconduct.rooms.crew.recovery import root_of
from safeconduct.rooms.hotline.sealed_files import SealedFile

Told = Callable[[int], None]
CAME_BACK: Final = "came_back"
DONE: Final = (RESTORED, OWN_PARCEL, CAME_BACK)


def is_there(journal: Journal) -> bool:
    """Tell whether this desk founded its new relay, or came back to its own, already."""
    store = journal.store
    went, came_back = store.setting(WENT, WENT_OVER), store.setting(CAME_BACK, NUMBER)
    return went is not None or came_back is not None


def come_back(journal: Journal, courier: Courier, opened: Opened, ask: Callable[[], Use]) -> None:
    """Open the way to the office's own relay with the cards, and read what came since the backup.

    Then `ask` says what the cards are used for: only now is it known what those who were taken had
    written, and a removal leaves standing what was read.

    Raises:
        AccessLost: the relay heeds other cards.
        Unreachable: later; once more goes on.
    """
    reopening.reopen(journal, courier, root_of(opened.secret))
    _read(journal, courier)
    recovering.take_recovered(journal, courier, opened)
    recovering.use(journal, courier, opened, ask())
    journal.store.put_setting(CAME_BACK, 1)
    while post.push(journal, courier):
        pass
    if under_way(journal):
        removing.follow_up(journal, courier)


def bring(
    journal: Journal,
    courier: Courier,
    source: tuple[Whole, Trailer],
    told: Told = lambda _files: None,
) -> None:
    """Bring the relay the files of the backup and all that waits here.

    `told` hears how many files are there.

    Raises:
        Busy, WordsFirst: the relay takes no more files now; once more goes on where it stopped.
        Unreachable: the same.
    """
    parcel = own_parcel(journal.store)
    if parcel is not None:
        courier.put_parcel(parcel)
    _bring_files(journal, courier, source, told)
    moving.carry(journal, courier)
    journal.store.drop_settings(*DONE)


def _read(journal: Journal, courier: Courier) -> None:
    puller = Puller(journal, courier, journal.place.relay())
    try:
        puller.pull_log()
    finally:
        puller.close()


def _bring_files(
    journal: Journal, courier: Courier, source: tuple[Whole, Trailer], told: Told
) -> None:
    """Bring chunks from the backup straight to the relay, in their order and as they are sealed."""
    bringing = _Bringing(courier, {file.blob: file for file in files_again.named_files(journal)})
    for kind, body in read_pieces(*source):
        if kind is Kind.FILE:
            bringing.begin(parse_file_head(body))
        elif kind is Kind.CHUNK:
            bringing.put(body)
            if bringing.done:
                told(bringing.count)


class _Bringing:
    """One file after the other on its way to a relay."""

    def __init__(self, courier: Courier, known: dict[bytes, SealedFile]) -> None:
        self._courier: Final = courier
        self._known: Final = known
        self._head: FileHead | None = None
        self._token = b""
        self._at = self._following = 0
        self.count = 0

    @property
    def done(self) -> bool:
        """Whether the file that was begun is there."""
        return self._head is not None and self._at == self._head.chunks

    def begin(self, head: FileHead) -> None:
        """Offer a file; what is there, or what no record names any more, is passed over."""
        file, blob, self._head = self._known.get(head.blob), BlobId(head.blob), None
        if file is None or post.file_state(self._courier, blob) == (head.chunks, head.chunks):
            return
        self._token, self._at = files_again.token(file.key), 0
        with suppress(BlobDiffers):  # Whoever sent it first is at it, with a token of their own.
            offer = head.chunks, head.padded, self._token
            self._following, self._head = self._courier.open_blob(blob, *offer), head

    def put(self, chunk: bytes) -> None:
        """Bring the next chunk, unless it is there."""
        head, at = self._head, self._at
        if head is None:
            return
        if at == self._following:
            self._following = self._courier.put_chunk(BlobId(head.blob), at, chunk, self._token)
        self._at += 1
        self.count += self.done
