# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes an answer: sealed for each of the person's boxes, durable with its fact in one commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

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
    from collections.abc import Sequence

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

    @property
    def texts(self) -> tuple[str, ...]:
        """What the person can read: the text, and the names of the files."""
        return (self.text, *(file.name for file in self.files))


def answer(journal: Journal, folded: Conversation, written: Written) -> None:
    """Answer the person, hold what nobody holds, and say by when the next word is due.

    Raises the hotline's refusals, and nothing is lost then.
    """
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
    reply = Reply(1, "answer", now, text, facts, b"", {"expires": event.expires})
    boxes = [_sealed(reply, *one) for one in post.boxes_of(journal, folded)]

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


def _sealed(reply: Reply, box: Box, mailbox: Mailbox) -> tuple[Box, bytes]:
    """Seal an answer for one box; where a line reads, it learns to whom it goes."""
    beside = reply.extras | post.for_line(mailbox)
    return box, seal_reply(msgspec.structs.replace(reply, extras=beside), box)
