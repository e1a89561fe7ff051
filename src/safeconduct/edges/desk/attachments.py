# SPDX-License-Identifier: AGPL-3.0-or-later
"""An attachment on its way from the relay to a person's "save as": chunk by chunk, opened."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from safeconduct.edges.desk.engine import copies, files_again, post
from safeconduct.edges.desk.gone_rows import GoneRows
from safeconduct.kernel.errors import Refused, Unreachable
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.unlock import BlobOpener
from safeconduct.kernel.words import BlobId
from safeconduct.rooms.hotline import Attachment, Conversation

if TYPE_CHECKING:
    from safeconduct.edges.desk.store import Store

TRIES_FOR_CHUNK: Final = 10


class NoSuchFile(Refused):
    """No message or answer of this conversation names that file."""

    code = "no_such_file"


class FileElsewhere(Refused):
    """The file was at a server that is gone, and no desk brought it to this one yet."""

    code = "file_elsewhere"


class FileDestroyed(Refused):
    """The file was destroyed, since its time was over."""

    code = "file_destroyed"


def find(conversation: Conversation, blob: BlobId) -> Attachment:
    """Return the attachment of a conversation that lies in a blob.

    Raises:
        NoSuchFile: there is none.
    """
    for file in conversation.files:
        if file.blob == blob:
            return file
    raise NoSuchFile


def chunks_of(store: Store, courier: Courier | None, file: Attachment) -> Iterator[bytes]:
    """Yield a file's opened bytes: of the copy that this desk kept, else of the relay's, kept then.

    Raises:
        FileDestroyed: its time was over.
        Unreachable: the relay does not answer, or there is none.
        FileElsewhere: the relay is a new one, and nobody brought the file there yet.
        FileIncomplete: the file is not whole yet.
        Untrusted: a chunk does not open; what was yielded must be thrown away.
    """
    if GoneRows(store).when_file_went(file.blob) is not None:
        raise FileDestroyed
    opener = BlobOpener(file.key, file.size)
    if copies.whole(store, opener.plan):
        return _opened(store, opener)
    if courier is None:
        raise Unreachable
    chunks, ready = post.file_state(courier, file.blob)
    if not ready and files_again.is_lacking(store, file.blob):
        raise FileElsewhere
    if ready < opener.plan.chunks or chunks != opener.plan.chunks:
        raise post.FileIncomplete
    return _fetched(store, courier, opener)


def _opened(store: Store, opener: BlobOpener) -> Iterator[bytes]:
    """Yield what a copy holds; it may be let go meanwhile, as any that is old."""
    for index in range(opener.plan.chunks):
        yield opener.open(index, copies.chunk(store, opener.plan.blob, index) or b"")


def _fetched(store: Store, courier: Courier, opener: BlobOpener) -> Iterator[bytes]:
    for index in range(opener.plan.chunks):
        sealed = fetched_chunk(courier, opener.plan.blob, index)
        opened = opener.open(index, sealed)
        copies.keep_chunk(store, opener.plan, index, sealed)
        yield opened


def fetched_chunk(courier: Courier, blob: BlobId, index: int) -> bytes:
    """Fetch one chunk, going on after a cut; raises Unreachable after ten tries."""
    for _ in range(TRIES_FOR_CHUNK - 1):
        try:
            return courier.chunk(blob, index)
        except Unreachable:
            threading.Event().wait(1.0)
    return courier.chunk(blob, index)
