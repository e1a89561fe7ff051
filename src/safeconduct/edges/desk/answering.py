# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes an answer: sealed for each of the person's boxes, durable with its fact in one commit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from safeconduct.edges.desk import drafts, handed, talks_joined
from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.due import policy_of
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline.decide import ANSWER_FILE_MOST, FileTooLarge
from safeconduct.rooms.hotline.joining_decide import AskWhoJoined
from safeconduct.rooms.hotline.letters import Box, Reply, seal_reply
from safeconduct.rooms.hotline.line_decide import need_channel
from safeconduct.rooms.hotline.looks_decide import read_by_answering
from safeconduct.rooms.hotline.triage_decide import contact_with_answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from safeconduct.edges.desk.api import NewFile
    from safeconduct.edges.desk.engine.journal import Journal
    from safeconduct.kernel.words import Instant
    from safeconduct.rooms.hotline import Conversation, Mailbox
    from safeconduct.rooms.hotline.events import HotlineFact

ANSWER_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Written:
    """What a helper wrote, with files, and by when the next word is due."""

    text: str
    files: Sequence[NewFile] = ()
    next_contact: Instant | None = None
    way: bool = False
    """Whether the line is to send how to come to the page, and nothing of this text."""
    line: Mailbox | None = None
    """The line that is to call the person: it gets `beside`, and nothing of this text."""
    beside: Mapping[str, Any] = field(default_factory=dict)

    @property
    def texts(self) -> tuple[str, ...]:
        """What the person can read: the text, and the names of the files."""
        return (self.text, *(file.name for file in self.files))


def answer(journal: Journal, folded: Conversation, written: Written) -> None:
    """Answer the person, hold what nobody holds, and say by when the next word is due.

    Raises the hotline's refusals, and nothing is lost then.
    """
    if written.line is None:
        need_channel(folded, way=written.way)
    if talks_joined.unasked(journal.store, journal.device, folded):
        raise AskWhoJoined
    if any(len(file.content) > ANSWER_FILE_MOST for file in written.files):
        raise FileTooLarge(ANSWER_FILE_MOST)
    now, text = journal.clock.now(), written.text
    sealed = [
        post.seal_file(journal, file.name, file.media_type, file.content) for file in written.files
    ]
    facts = tuple(item[0] for item in sealed)
    event = hotline.write_answer(folded, journal.rng.bytes(ANSWER_BYTES), text, facts, now)
    event = hotline.ends_after(event, policy_of(journal).replies(now), now)
    told = {"expires": event.expires, **written.beside}
    reply = Reply(1, "answer", now, "" if written.line else text, facts, b"", told)
    boxes = [_sealed(reply, *one) for one in _boxes(journal, folded, written)]

    def also(sequence: int) -> None:
        uploads = ((one[1], it.content) for one, it in zip(sealed, written.files, strict=True))
        post.keep_answer(journal, sequence, event, boxes, uploads)
        handed.saw(journal.store, journal.device, folded)
        drafts.keep(journal.store, folded.id, "answer", "")

    # Whoever answers a conversation that nobody holds looks after it from then on.
    more: list[HotlineFact] = [] if folded.claims else [hotline.claim(folded)]
    more += read_by_answering(folded, journal.device)
    if written.next_contact is not None:
        more.append(contact_with_answer(folded, written.next_contact, now))
    journal.write([post.fact(journal, one) for one in (event, *more)], also)


def _boxes(
    journal: Journal, folded: Conversation, written: Written
) -> Sequence[tuple[Box, Mailbox]]:
    if written.line is None:
        return post.boxes_of(journal, folded)
    return list(post.boxes_to(journal, folded.voice, [written.line]))


def _sealed(reply: Reply, box: Box, mailbox: Mailbox) -> tuple[Box, bytes]:
    """Seal an answer for one box; where a line reads, it learns to whom it goes."""
    beside = reply.extras | post.for_line(mailbox)
    return box, seal_reply(msgspec.structs.replace(reply, extras=beside), box)
