# SPDX-License-Identifier: AGPL-3.0-or-later
"""Voice messages: heard as one sound from memory, and written down by whoever heard them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.status_codes import HTTP_200_OK, HTTP_206_PARTIAL_CONTENT

from safeconduct.edges.desk.forms import parse_id
from safeconduct.edges.desk.pages.conversation import found
from safeconduct.edges.desk.sound import parse_range, wav_of
from safeconduct.edges.desk.visit import Here, Named, Page, Visit
from safeconduct.kernel.errors import Refused, Unreachable
from safeconduct.kernel.words import FACT_ID_BYTES, ConversationId
from safeconduct.rooms.hotline import Attachment, Conversation, Message
from safeconduct.rooms.hotline.voices import Voice, in_one, transcripts_of, voice_of

TEMPLATE: Final = "voice.html"


@get("/hotline/{name:str}/voice/{message:str}", sync_to_thread=True)
def see_voice(visit: Here, name: Named, message: Named) -> Page:
    """Show a voice message, with what was written down of it and a form for that."""
    conversation = found(visit, name)
    one, voice = _voice(conversation, message)
    _looked(visit, conversation)
    return visit.page(TEMPLATE, **_shown(visit, conversation, one, voice))


@get("/hotline/{name:str}/voice/{message:str}/here", sync_to_thread=True)
def see_here(visit: Here, name: Named, message: Named) -> Page:
    """Show how much of it has come, again."""
    _, voice = _voice(found(visit, name), message)
    path = f"/hotline/{name}"
    return visit.part("regions/voice_here.html", path=path, **_here(visit, voice))


@get("/hotline/{name:str}/voice/{message:str}/sound", sync_to_thread=True)
def hear(visit: Here, name: Named, message: Named) -> Response[Any]:
    """Give the sound, or the part of it that a player asks for; it is written nowhere."""
    conversation = found(visit, name)
    _, voice = _voice(conversation, message)
    _looked(visit, conversation)
    sound = in_one(voice, _heard(visit, conversation.id, voice))
    if not sound:
        raise NotFoundException
    whole = wav_of(sound)
    part = parse_range(visit.request.headers.get("range", ""), len(whole))
    headers = {"Accept-Ranges": "bytes"}
    if part is None:
        return Response(whole, status_code=HTTP_200_OK, media_type="audio/wav", headers=headers)
    headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{len(whole)}"
    content = whole[part.start : part.end]
    status = HTTP_206_PARTIAL_CONTENT
    return Response(content, status_code=status, media_type="audio/wav", headers=headers)


@post("/hotline/{name:str}/voice/{message:str}/transcript", sync_to_thread=True)
def write_transcript(visit: Here, name: Named, message: Named) -> Page:
    """Keep what somebody heard, in the place of what they saw stand."""
    conversation = found(visit, name)
    one, voice = _voice(conversation, message)
    text, typed = visit.form.get("text"), visit.form.get("seen").split(",")
    seen = [parse_id(fact, FACT_ID_BYTES) for fact in typed]
    try:
        visit.desk.by_hand.write_down(conversation.id, one.id, text, seen)
    except Refused as error:
        context = _shown(visit, conversation, one, voice) | {"typed": text}
        return visit.refused(visit.why(error), TEMPLATE, "transcript-refused", **context)
    saved = visit.say("What the message says is saved beside it.")
    return visit.onward(f"/hotline/{name}/voice/{message}", saved)


def _voice(conversation: Conversation, message: str) -> tuple[Message, Voice]:
    """Return the voice message that an address names; of two records of one, the first."""
    for one in conversation.messages:
        voice = voice_of(conversation, one) if one.id.hex() == message else None
        if voice is not None:
            return one, voice
    raise NotFoundException


def _looked(visit: Visit, conversation: Conversation) -> None:
    for one in {conversation.id, *(part.id for part in conversation.parts)}:
        visit.desk.audit.opened(one)


def _heard(visit: Visit, conversation: ConversationId, voice: Voice) -> Iterator[bytes | None]:
    """Return the pieces in order; of a message whose end is not known those before a missing one.

    They come in order, and each question takes its time.
    """
    for file in voice.needed:
        one = _bytes(visit, conversation, file)
        yield one
        if one is None and not voice.seconds:
            return


def _bytes(visit: Visit, conversation: ConversationId, file: Attachment) -> bytes | None:
    """Return a piece; None while it is not here."""
    try:
        return b"".join(visit.desk.file_bytes(conversation, file.blob, leaves=False))
    except (Refused, Unreachable):
        return None


def _here(visit: Visit, voice: Voice) -> dict[str, Any]:
    """Return how many pieces have come; None where the server cannot be asked."""
    here = 0
    try:
        for file in voice.needed:
            state = visit.desk.file_state(file.blob)
            whole = 0 < state.chunks == state.ready
            here += whole
            if not whole and not voice.seconds:
                break
    except Unreachable:
        return {"voice": voice, "here": None}
    return {"voice": voice, "here": here}


def _shown(visit: Visit, conversation: Conversation, one: Message, voice: Voice) -> dict[str, Any]:
    stands = transcripts_of(conversation, one.id)
    path = f"/hotline/{conversation.id.hex()}"
    return {
        "conversation": conversation,
        "message": one,
        "path": path,
        "transcripts": stands,
        "typed": "\n\n".join(heard.text for heard in stands),
        "seen_facts": ",".join(heard.fact.hex() for heard in stands),
        **_here(visit, voice),
    }


VIEWS: Final = (see_voice, see_here, hear, write_transcript)
