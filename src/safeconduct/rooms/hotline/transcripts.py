# SPDX-License-Identifier: AGPL-3.0-or-later
"""What helpers wrote down of voice messages: each version in the place of those its writer saw.

Of what is said only a person can make words.  They are a fact of their own beside the message, and
nobody's words go unseen: two that were written at once both stand (spec/phone.md, "At a desk").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from safeconduct.kernel.canon import Bytes16, Bytes32, Record
from safeconduct.kernel.words import DeviceId, FactId, Instant, MessageId
from safeconduct.rooms.hotline.heard import Heard


class TranscriptWritten(Record, frozen=True):
    """A helper wrote down what a voice message says; `replaces` names what they saw stand.

    An empty text takes away what stood.
    """

    conversation: Bytes16
    message: Bytes32
    text: str
    replaces: tuple[bytes, ...]


Said = Heard[TranscriptWritten]


@dataclass(frozen=True, slots=True)
class Transcript:
    """What somebody heard; two that stand for one message are a conflict, and both are shown."""

    fact: FactId
    message: MessageId
    by: DeviceId
    at: Instant
    text: str


def fold_transcripts(said: Sequence[Said]) -> tuple[Transcript, ...]:
    """Return what stands of the facts of one conversation, the oldest first."""
    of = {one.fact: one.event.message for one in said}
    replaced = {
        fact
        for one in said
        for fact in one.event.replaces
        if fact != one.fact and of.get(FactId(fact)) == one.event.message
    }
    standing = (one for one in said if one.fact not in replaced and one.event.text.strip())
    return tuple(
        Transcript(one.fact, MessageId(one.event.message), one.device, one.at, one.event.text)
        for one in sorted(standing, key=lambda one: (one.at, one.fact))
    )
