# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing down what a voice message says: state and command to a fact, or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from safeconduct.kernel.errors import Refused
from safeconduct.rooms.hotline.decide import NothingWritten, fits
from safeconduct.rooms.hotline.transcripts import TranscriptWritten
from safeconduct.rooms.hotline.voices import transcripts_of, voice_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from safeconduct.kernel.words import MessageId
    from safeconduct.rooms.hotline.words import Conversation


class NoVoiceMessage(Refused):
    """No message of this conversation with that id is a voice message."""

    code = "no_voice_message"


def write_down(
    conversation: Conversation, message: MessageId, text: str, seen: Collection[bytes]
) -> TranscriptWritten:
    """Write down what a message says; `seen` are the facts that stood where it was typed.

    No text takes away what was seen.  What a colleague wrote meanwhile stands on beside it.

    Raises:
        NoVoiceMessage: there is none of that id.
        NothingWritten: there is no text, and nothing to take away.
        TextTooLong: see there.
    """
    if not any(one.id == message and voice_of(conversation, one) for one in conversation.messages):
        raise NoVoiceMessage
    stands = [one.fact for one in transcripts_of(conversation, message) if one.fact in seen]
    if not text.strip() and not stands:
        raise NothingWritten
    fits(text)
    return TranscriptWritten(conversation.id, message, text.strip(), tuple(sorted(stands)))
