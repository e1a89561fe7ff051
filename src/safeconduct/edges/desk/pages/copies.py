# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looking at a file that came: at its clean copy, never at the file itself."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import Final

from litestar import get

from safeconduct.edges.desk.cleaning.clean_copy import clean_copy
from safeconduct.edges.desk.pages.conversation import found
from safeconduct.edges.desk.pages.files import file_of
from safeconduct.edges.desk.visit import Here, Named, Page
from safeconduct.kernel.errors import SafeconductError
from safeconduct.rooms.hotline import Answer, Attachment, Conversation, Message


@get("/hotline/{name:str}/files/{blob:str}/copy", sync_to_thread=True)
def see_copy(visit: Here, name: Named, blob: Named) -> Page:
    """Make a clean copy in the sandbox and show it; or say why there is none."""
    conversation = found(visit, name)
    file = file_of(conversation, blob)
    for one in {conversation.id, *(part.id for part in conversation.parts)}:
        visit.desk.audit.opened(one)
    opened = partial(visit.desk.file_bytes, conversation.id, file.blob, leaves=False)
    try:
        seen, why = clean_copy(file.size, opened, first=visit.start()), ""
    except SafeconductError as error:
        seen, why = None, visit.why(error)
    return visit.page(
        "copy.html",
        conversation=conversation,
        path=f"/hotline/{conversation.id.hex()}",
        file=file,
        text=_beside(conversation, file),
        copy=seen,
        why=why,
        blurs=visit.front.session.blurs,
    )


def _beside(conversation: Conversation, file: Attachment) -> str:
    """Return what was written beside a file."""
    pieces = chain[Message | Answer](conversation.messages, conversation.answers)
    return next((piece.text for piece in pieces if file in piece.attachments), "")


VIEWS: Final = (see_copy,)
