# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers and marks that lay in boxes which are gone, sealed anew into the same boxes.

The desk that moves the office does it for all that its log tells of; each other desk for what
stands beyond that log, if it wrote that or its writer is gone.  So each comes once.
See spec/crew.md 9.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import msgspec

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import instant_of
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.words import (
    Address,
    ConversationId,
    DeviceId,
    Instant,
    end_of_day,
)
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline import Answer, Mailbox
from safeconduct.rooms.hotline.events import AnswerSent, HaveSent, IntakeKeyOpened
from safeconduct.rooms.hotline.letters import Box, Reply, parse_certificate, seal_reply
from safeconduct.rooms.hotline.pieces import line_of
from safeconduct.rooms.hotline.sealed_files import SealedFile

NOWHERE: Final = (1 << 63) - 1
_SENT: Final = (
    "SELECT c.device, c.hlc, e.conversation, e.kind, e.version, e.body FROM entries e "
    "JOIN commits c ON c.no = e.\"commit\" WHERE e.kind IN ('hotline.AnswerSent', "
    "'hotline.HaveSent') AND e.conversation IS NOT NULL AND c.state = 0 "
    "AND coalesce(c.at, ?) >= ? ORDER BY e.no"
)
_CERTIFICATES: Final = (
    "SELECT e.kind, e.version, e.body FROM entries e "
    'JOIN commits c ON c.no = e."commit" '
    "WHERE e.kind = 'hotline.IntakeKeyOpened' AND c.state = 0"
)


@dataclass(slots=True)
class _Sent:
    """What lay in the boxes of one conversation: answers by writer and id, and marks."""

    answers: set[tuple[DeviceId, bytes]] = field(default_factory=set)
    haves: dict[bytes, Instant] = field(default_factory=dict)
    """When the office said that it has a message, by the message's id."""


def reseal(journal: Journal, since: int, *, everyone: bool) -> None:
    """Keep letters again that were sent, and say so in a commit from an index on, until they go.

    Inside the transaction of the move.
    """
    for talk, sent in _told(journal, since, everyone=everyone).items():
        folded = journal.lists.conversation(talk)
        if folded is None:
            continue
        for answer in folded.answers:
            if answer.sent and (answer.by, answer.id) in sent.answers:
                boxes = post.boxes_to(journal, folded.voice, folded.mailboxes)
                _keep(journal, talk, boxes, _answer(answer), answer.expires)
        boxes_by_message = _boxes_by_message(journal, talk) if sent.haves else {}
        for message, said in sent.haves.items():
            have = Reply(1, "have", said, "", (), message, {})
            boxes = post.boxes_to(journal, folded.voice, boxes_by_message.get(message, ()))
            _keep(journal, talk, boxes, have, _end_of_have(said))


def _boxes_by_message(journal: Journal, talk: ConversationId) -> dict[bytes, set[Mailbox]]:
    """Return where records say that the writer of each message reads."""
    found: dict[bytes, set[Mailbox]] = {}
    for one in journal.lists.all_records(talk):
        mailbox = Mailbox(Address(one.address), one.sealing_key, line_of(one, journal.office))
        found.setdefault(one.message, set()).add(mailbox)
    return found


def _told(journal: Journal, since: int, *, everyone: bool) -> dict[ConversationId, _Sent]:
    """Return what is to be sealed anew, of what has not ended; a clock ahead lengthens nothing."""
    now, present = journal.clock.now(), journal.roster.present()
    told: dict[ConversationId, _Sent] = {}
    for device, hlc, talk, *fact in journal.store.rows(_SENT, (NOWHERE, since)):
        if not (everyone or device == journal.device or device not in present):
            continue
        event, sent = hotline.parse_fact(*fact), told.setdefault(ConversationId(talk), _Sent())
        said = min(instant_of(hlc), now)
        if isinstance(event, AnswerSent) and event.expires > now:
            sent.answers.add((DeviceId(device), event.answer))
        elif isinstance(event, HaveSent) and _end_of_have(said) > now:
            sent.haves |= dict.fromkeys(event.messages, said)
    return told


def _end_of_have(said: Instant) -> Instant:
    return end_of_day(said + post.HAVE_LIVES)


def _answer(answer: Answer) -> Reply:
    files = tuple(
        SealedFile(file.blob, file.key, file.name, file.size, file.media_type)
        for file in answer.attachments
    )
    until = {"expires": answer.expires}
    return Reply(1, "answer", answer.written, answer.text, files, b"", until)


def _keep(
    journal: Journal,
    talk: ConversationId,
    boxes: Iterable[tuple[Box, Mailbox]],
    reply: Reply,
    expires: int,
) -> None:
    for box, mailbox in boxes:
        beside = reply.extras | post.for_line(mailbox)
        sealed = seal_reply(msgspec.structs.replace(reply, extras=beside), box)
        letter = post.Outgoing(0, talk, Instant(expires), sealed)
        post.keep_letter(journal, letter, box)


def newest_certificate(journal: Journal) -> bytes:
    """Return the certificate of the newest intake key that the log tells of and this desk holds."""
    founded = journal.roster.founded
    assert founded is not None
    signer, found = LongVerifyKey.parse(founded.intake_signing_key), {}
    for row in journal.store.rows(_CERTIFICATES):
        fact = hotline.parse_fact(*row)
        if isinstance(fact, IntakeKeyOpened):
            with suppress(SafeconductError):  # A colleague may write of one that nobody signed.
                epoch = parse_certificate(fact.certificate, journal.office, signer).epoch
                found[epoch] = fact.certificate
    return found[max({*found}.intersection(journal.keychain.intake_epochs()) or found)]
