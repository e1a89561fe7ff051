# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sends what waits for people's boxes, and says so in the journal once the relay has it.

In no order of ours, and never one for one item, so that who keeps the boxes cannot lay them beside
the intake (docs/spec/relay.md 4).  Fail-closed: a letter that the relay refuses is not called sent;
it stays, stops no other, and goes again later, with a fresh end where its end is what was wrong.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from safeconduct.edges.desk.engine import post, uploads
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.errors import Malformed, SafeconductError
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.lock import SealingPublicKey
from safeconduct.kernel.wire.refusals import Expired, TooLarge
from safeconduct.kernel.words import MINUTE, Address, ConversationId, Instant, end_of_day
from safeconduct.rooms.hotline import Conversation
from safeconduct.rooms.hotline.events import AnswerSent, HaveSent
from safeconduct.rooms.hotline.letters import Box, Reply, seal_reply
from safeconduct.rooms.hotline.sealed_files import SealedFile

LETTERS_AT_ONCE: Final = 32
DRAWN_FROM: Final = 10_000
AGAIN_EARLIEST: Final = 5 * MINUTE
AGAIN_SPREAD: Final = 5 * MINUTE
LATEST: Final = 15 * MINUTE
"""Nothing is put off for longer; what is due later than that is due since the clock was set."""
OF_ONE_LETTER: Final = (Expired, TooLarge, Malformed)
"""Refusals that may hang on one letter of many."""


class Waiting(NamedTuple):
    """A sealed letter as it is kept."""

    no: int
    after: int
    address: bytes
    key: bytes
    voice: bytes
    expires: int
    item: bytes
    conversation: ConversationId
    answer: bytes
    message: bytes
    refused: int | None


_COLUMNS: Final = (
    "no, after, address, sealing_key, voice, expires, item, conversation, answer, message, refused"
)


def send_letters(journal: Journal, courier: Courier) -> bool:
    """Send some of what waits for people, files first; False when nothing can be sent now.

    A letter whose files stand back for frames waits with them; the others do not.
    """
    chosen = _chosen(journal)
    letters = [_fresh(journal, letter) for letter in chosen if not _said_already(journal, letter)]
    letters = [letter for letter in letters if _after_files(journal, courier, letter)]
    try:
        if letters:
            _post(courier, letters)
            _sent(journal, letters)
    except OF_ONE_LETTER:
        _send_singly(journal, courier, letters)
    return bool(chosen)


def _after_files(journal: Journal, courier: Courier, letter: Waiting) -> bool:
    """Bring a letter's files, as far as the relay takes any; tell whether it can go now."""
    first = letter.no  # Of a package for a partner: its files hang on it alone.
    if letter.answer:  # Its files hang on the first of its letters.
        query = "SELECT min(no) FROM letters WHERE answer = ?"
        first = journal.store.value(query, (letter.answer,))
    elif letter.message:
        return True
    return uploads.upload(journal, courier, first) is not uploads.Brought.STOOD_BACK


def _chosen(journal: Journal) -> list[Waiting]:
    """Draw some letters from all that are due.

    The first in order of number would tell by the batch which messages came first.
    """
    query = "SELECT no FROM letters WHERE after <= ? AND (due <= ? OR due > ?) ORDER BY no LIMIT ?"
    now = journal.clock.now()
    bounds = (post.acknowledged(journal), now, now + LATEST, DRAWN_FROM)
    numbers = [row[0] for row in journal.store.rows(query, bounds)]
    drawn = dict[int, None]()
    while len(drawn) < min(len(numbers), LETTERS_AT_ONCE):
        drawn[numbers[post.by_chance(journal, len(numbers))]] = None
    query = f"SELECT {_COLUMNS} FROM letters WHERE no = ?"  # noqa: S608  (our own columns)
    return [Waiting(*journal.store.rows(query, (number,))[0]) for number in drawn]


def _said_already(journal: Journal, letter: Waiting) -> bool:
    """Let a word go unsent that a colleague says to have sent, or a letter sealed anew that ended.

    The latter is of no answer and of no message: it was sent before, and came to another relay.
    """
    if letter.after or letter.answer:
        return False
    if not letter.message:
        if letter.expires > journal.clock.now():
            return False
    elif not journal.lists.have_sent(letter.conversation, letter.message):
        return False
    with journal.store.unhurried(), journal.store.transaction() as writer:
        writer.execute("DELETE FROM letters WHERE no = ?", (letter.no,))
    return True


def _fresh(journal: Journal, letter: Waiting) -> Waiting:
    """Seal a letter with a fresh end, if its own is past or was refused."""
    now = journal.clock.now()
    end = end_of_day(now + post.HAVE_LIVES)
    if (letter.expires > now and letter.refused is None) or end <= letter.expires:
        return letter
    reply = _reply(journal, letter, end)
    if reply is None:
        return letter
    key = SealingPublicKey.parse(letter.key)
    item = seal_reply(reply, Box(journal.office, Address(letter.address), key, letter.voice))
    with journal.store.transaction() as writer:
        row = (end, item, letter.no)
        writer.execute("UPDATE letters SET expires = ?, item = ? WHERE no = ?", row)
    return letter._replace(expires=end, item=item)


def _reply(journal: Journal, letter: Waiting, end: Instant) -> Reply | None:
    """Return what a letter says, from the journal; None for an answer that counts no longer."""
    if letter.message:
        return Reply(1, "have", journal.clock.now(), "", (), letter.message, {})
    talk = journal.lists.conversation(letter.conversation)
    found = [one for one in talk.answers if one.id == letter.answer] if talk else []
    for answer in found:
        files = tuple(
            SealedFile(file.blob, file.key, file.name, file.size, file.media_type)
            for file in answer.attachments
        )
        beside = {"expires": end} | _for_line(talk, letter)
        return Reply(1, "answer", answer.written, answer.text, files, b"", beside)
    return None


def _for_line(talk: Conversation | None, letter: Waiting) -> dict[str, bytes]:
    """Return what the line must get back that reads in the box of a letter; nothing for none."""
    boxes = talk.mailboxes if talk else ()
    found = [one for one in boxes if (one.address, one.sealing_key) == (letter.address, letter.key)]
    return next((post.for_line(one) for one in found if one.line), {})


def _post(courier: Courier, letters: list[Waiting]) -> None:
    courier.post([(Address(one.address), Instant(one.expires), one.item) for one in letters])


def _send_singly(journal: Journal, courier: Courier, letters: list[Waiting]) -> None:
    """Send each by itself, so that one that is refused stops no other; that one waits."""
    for letter in letters:
        try:
            _post(courier, [letter])
        except OF_ONE_LETTER as error:
            _put_off(journal, letter, error)
        else:
            _sent(journal, [letter])


def _put_off(journal: Journal, letter: Waiting, error: SafeconductError) -> None:
    """Keep a letter that the relay refused; the desk says so for as long as it is refused."""
    now = journal.clock.now()
    due = now + AGAIN_EARLIEST + post.by_chance(journal, AGAIN_SPREAD)
    query = "UPDATE letters SET due = ?, refused = ifnull(refused, ?), refusal = ? WHERE no = ?"
    with journal.store.transaction() as writer:
        writer.execute(query, (due, now, error.code, letter.no))


def _sent(journal: Journal, letters: list[Waiting]) -> None:
    """Write what the relay has, and forget it."""

    def forget(_: int = 0) -> None:
        with journal.store.transaction() as writer:
            numbers = [(letter.no,) for letter in letters]
            writer.executemany("DELETE FROM letters WHERE no = ?", numbers)

    facts = [*_answers_sent(journal, letters), *_haves_sent(journal, letters)]
    if facts:
        journal.write(facts, forget)
    else:
        forget()


def _answers_sent(journal: Journal, letters: list[Waiting]) -> list[Fact]:
    """Return which answers are sent: those that are in every box that records name."""
    now_sent: dict[bytes, list[Waiting]] = {}
    for letter in letters:
        if letter.answer and not journal.behind:
            now_sent.setdefault(letter.answer, []).append(letter)
    query = "SELECT count(*) FROM letters WHERE answer = ?"
    return [
        post.fact(journal, AnswerSent(some[0].conversation, answer, some[0].expires))
        for answer, some in now_sent.items()
        if journal.store.value(query, (answer,)) == len(some)
    ]


def _haves_sent(journal: Journal, letters: list[Waiting]) -> list[Fact]:
    """Return to whom a desk of ours need say no more that the office has their messages."""
    messages: dict[ConversationId, list[bytes]] = {}
    for letter in letters:
        if letter.message and not journal.behind:
            messages.setdefault(letter.conversation, []).append(letter.message)
    return [
        post.fact(journal, HaveSent(conversation, tuple(some)))
        for conversation, some in messages.items()
    ]
