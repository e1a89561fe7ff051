# SPDX-License-Identifier: AGPL-3.0-or-later
"""Saving an attachment: only on request, always as a download, never opened in place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from litestar import Response, post
from litestar.exceptions import NotFoundException
from litestar.response import Stream
from litestar.status_codes import HTTP_200_OK

from safeconduct.edges.desk.filenames import disposition
from safeconduct.edges.desk.pages.conversation import back, found
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import BlobId
from safeconduct.rooms.hotline import Attachment, Conversation


@post("/hotline/{name:str}/files/{blob:str}", status_code=HTTP_200_OK, sync_to_thread=True)
def save_file(visit: Here, name: Named, blob: Named) -> Response[Any]:
    """Give a file to the browser's own "save as"; or say why not, and keep what was typed."""
    conversation = found(visit, name)
    file = file_of(conversation, blob)
    content = visit.desk.file_bytes(conversation.id, file.blob)
    try:
        # The first bytes come before the answer begins, so that a refusal can still be worded.
        first = next(content, b"")
    except SafeconductError as error:
        return _cannot(visit, name, error, file.blob)
    return _download(chain((first,), content), file.name)


def file_of(conversation: Conversation, blob: str) -> Attachment:
    """Return the file of a conversation that an address names.

    Raises:
        NotFoundException: it has none.
    """
    received = (file for message in conversation.messages for file in message.attachments)
    written = (file for answer in conversation.answers for file in answer.attachments)
    for file in chain(received, written):
        if file.blob.hex() == blob:
            return file
    raise NotFoundException


def _download(content: Iterator[bytes], name: str) -> Response[Any]:
    # A file that fails half-way ends the connection without its last chunk, and the browser
    # throws away what it has.  The stranger's word for the file's type is not passed on.
    headers = {"Content-Disposition": disposition(name), "X-Download-Options": "noopen"}
    return Stream(content, media_type="application/octet-stream", headers=headers)


def _cannot(visit: Visit, name: str, error: SafeconductError, blob: BlobId) -> Page:
    notice = visit.why(error)
    if error.code == "file_incomplete":
        notice = f"{notice} {_progress(visit, blob)}".strip()
    if visit.form.get("script") == "1":
        return visit.tell_here(notice)
    return back(visit, name, notice)


def _progress(visit: Visit, blob: BlobId) -> str:
    try:
        state = visit.desk.file_state(blob)
    except SafeconductError:
        return ""
    text = visit.say("{ready} of {chunks} parts are here.")
    return text.format(ready=state.ready, chunks=state.chunks)


VIEWS: Final = (save_file,)
