# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers that lay in boxes which are gone, sealed anew into the same boxes (spec/crew.md 9).

The desk that moves the office does it for all answers that its log tells of; each other desk for
those that stand beyond that log, if it wrote them or their writer is gone.  So each comes once.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.errors import BadKey, SafeconductError
from safeconduct.kernel.seal.keys import LongVerifyKey
from safeconduct.kernel.words import ConversationId, DeviceId, Instant
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline import Answer, Conversation
from safeconduct.rooms.hotline.events import AnswerSent, IntakeKeyOpened, SealedFile
from safeconduct.rooms.hotline.letters import Reply, parse_certificate, seal_reply

NOWHERE: Final = (1 << 63) - 1
_SENT: Final = (
    "SELECT c.device, e.conversation, e.kind, e.version, e.body FROM entries e "
    "JOIN commits c ON c.no = e.\"commit\" WHERE e.kind = 'hotline.AnswerSent' "
    "AND e.conversation IS NOT NULL AND c.state = 0 AND coalesce(c.at, ?) >= ? ORDER BY e.no"
)
_CERTIFICATES: Final = (
    "SELECT e.kind, e.version, e.body FROM entries e "
    'JOIN commits c ON c.no = e."commit" '
    "WHERE e.kind = 'hotline.IntakeKeyOpened' AND c.state = 0"
)


def reseal(journal: Journal, since: int, *, everyone: bool) -> None:
    """Keep letters again that were sent, and say so in a commit from an index on, until they go.

    Inside the transaction of the move.
    """
    now, present = journal.clock.now(), journal.roster.present()
    sent: dict[ConversationId, set[tuple[DeviceId, bytes]]] = {}
    for device, talk, *fact in journal.store.rows(_SENT, (NOWHERE, since)):
        event = hotline.parse_fact(*fact)
        ours = device == journal.device or device not in present
        if isinstance(event, AnswerSent) and event.expires > now and (everyone or ours):
            sent.setdefault(ConversationId(talk), set()).add((DeviceId(device), event.answer))
    for talk, answers in sent.items():
        folded = journal.lists.conversation(talk)
        for answer in folded.answers if folded else ():
            if folded and answer.sent and (answer.by, answer.id) in answers:
                _keep(journal, folded, answer)


def _keep(journal: Journal, talk: Conversation, answer: Answer) -> None:
    files = tuple(
        SealedFile(file.blob, file.key, file.name, file.size, file.media_type)
        for file in answer.attachments
    )
    until = {"expires": answer.expires}
    reply = Reply(1, "answer", answer.written, answer.text, files, b"", until)
    try:
        boxes = post.boxes_of(journal, talk)
    except BadKey:
        return
    for box in boxes:
        letter = post.Outgoing(0, talk.id, Instant(answer.expires), seal_reply(reply, box))
        post.keep_letter(journal, letter, box)


def newest_certificate(journal: Journal) -> bytes:
    """Return the certificate of the newest intake key that the log tells of."""
    founded = journal.roster.founded
    assert founded is not None
    signer, found = LongVerifyKey.parse(founded.intake_signing_key), {}
    for row in journal.store.rows(_CERTIFICATES):
        fact = hotline.parse_fact(*row)
        if isinstance(fact, IntakeKeyOpened):
            with suppress(SafeconductError):  # A colleague may write of one that nobody signed.
                epoch = parse_certificate(fact.certificate, journal.office, signer).epoch
                found[epoch] = fact.certificate
    return found[max(found)]
