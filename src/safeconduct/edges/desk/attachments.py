# SPDX-License-Identifier: AGPL-3.0-or-later
"""An attachment on its way from the relay to a person's "save as": chunk by chunk, opened."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import chain
from typing import Final

from safeconduct.edges.desk.engine import post
from safeconduct.kernel.errors import Refused, Unreachable
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.unlock import BlobOpener
from safeconduct.kernel.words import BlobId
from safeconduct.rooms.hotline import Attachment, Conversation

TRIES_FOR_CHUNK: Final = 10


class NoSuchFile(Refused):
    """No message or answer of this conversation names that file."""

    code = "no_such_file"


def find(conversation: Conversation, blob: BlobId) -> Attachment:
    """Return the attachment of a conversation that lies in a blob.

    Raises:
        NoSuchFile: there is none.
    """
    received = (file for message in conversation.messages for file in message.attachments)
    written = (file for answer in conversation.answers for file in answer.attachments)
    for file in chain(received, written):
        if file.blob == blob:
            return file
    raise NoSuchFile


def chunks_of(courier: Courier, file: Attachment) -> Iterator[bytes]:
    """Yield a file's opened bytes.

    Raises:
        Unreachable: the relay does not answer.
        FileIncomplete: the file is not whole yet.
        Untrusted: a chunk does not open; what was yielded must be thrown away.
    """
    opener = BlobOpener(file.key, file.size)
    chunks, ready = post.file_state(courier, file.blob)
    if ready < opener.plan.chunks or chunks != opener.plan.chunks:
        raise post.FileIncomplete
    return (
        opener.open(index, _chunk(courier, file.blob, index)) for index in range(opener.plan.chunks)
    )


def _chunk(courier: Courier, blob: BlobId, index: int) -> bytes:
    """Fetch one chunk, going on after a cut."""
    for _ in range(TRIES_FOR_CHUNK - 1):
        try:
            return courier.chunk(blob, index)
        except Unreachable:
            threading.Event().wait(1.0)
    return courier.chunk(blob, index)
