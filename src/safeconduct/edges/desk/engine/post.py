# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes out: frames, then what follows from them: files, answers, receipts to people.

`sending` posts the letters that are kept here, and `uploads` brings the files.  Everything lies
sealed and durable in the store before it is sent, and every step may be repeated: the relay stores
the same bytes once.
Nothing is posted to a person before the relay has the commit that says so, and nothing is let go
from intake before that either; which items are, never hangs on what became of words to people.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import BadKey, Refused
from safeconduct.kernel.journal import Fact
from safeconduct.kernel.log.merkle import leaf_hash
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.seal.lock import BlobSealer, SealingPublicKey
from safeconduct.kernel.sync import RelayForked, RelayReordered, RelayRolledBack
from safeconduct.kernel.wire.bodies import LARGEST_FRAME
from safeconduct.kernel.wire.refusals import NotFound
from safeconduct.kernel.words import (
    DAY,
    HOUR,
    Address,
    BlobId,
    ConversationId,
    Instant,
    end_of_day,
)
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline import Conversation, Mailbox
from safeconduct.rooms.hotline.by_line import EXTRA, Sender, parse_mark
from safeconduct.rooms.hotline.events import VERSION, AnswerWritten, HotlineFact
from safeconduct.rooms.hotline.letters import Box, Letter, Reply, seal_reply
from safeconduct.rooms.hotline.sealed_files import SealedFile

PUSH_BYTES: Final = 8 << 20
SMALL_FRAME: Final = 16 << 10
TAKEN_AT_ONCE: Final = 1_000
HAVE_LIVES: Final = 30 * DAY
_KEEP_LETTER: Final = (
    "INSERT INTO letters (no, after, due, address, sealing_key, voice, expires, item, "
    "conversation, answer, message) VALUES ((SELECT 1 + max("
    "ifnull((SELECT max(no) FROM letters), 0), ifnull((SELECT max(letter) FROM uploads), 0))), "
    "?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
TOKEN_BYTES: Final = 32
TAKEN_EVERY: Final = HOUR


@dataclass(frozen=True, slots=True)
class Promise:
    """The relay said at which index one of our frames stands."""

    sequence: int
    index: int
    leaf: bytes


def fact(journal: Journal, event: HotlineFact) -> Fact:
    """Return a hotline fact, ready to be written."""
    kind, body = hotline.kind_of(event), hotline.write_fact(event)
    return Fact(journal.hotline_vault, kind, VERSION, body)


def push_small(journal: Journal, courier: Courier) -> bool:
    """Send the frames before the first large one, for which a day's last tenth is kept."""
    return push(journal, courier, SMALL_FRAME)


def push(journal: Journal, courier: Courier, largest: int = LARGEST_FRAME) -> bool:
    """Send some frames of the outbox; False when all are sent, or the next one is too large.

    Raises:
        RelayForked: it did not answer for each of them.
        RelayReordered: it stored them one before the other; it is held to that all the same.
    """
    frames: list[bytes] = []
    sequences: list[int] = []
    size = 0
    rows = journal.store.rows(
        "SELECT sequence, frame FROM outbox WHERE promised IS NULL ORDER BY sequence LIMIT 512"
    )
    for sequence, frame in rows:
        size += len(frame)
        if len(frame) > largest or (frames and size > PUSH_BYTES):
            break
        frames.append(frame)
        sequences.append(sequence)
    if not frames:
        return False
    indices = courier.append(frames)
    if len(indices) != len(frames):
        raise RelayForked
    with journal.store.unhurried(), journal.store.transaction() as writer:
        for sequence, index in zip(sequences, indices, strict=True):
            writer.execute("UPDATE outbox SET promised = ? WHERE sequence = ?", (index, sequence))
    # What is sent again (below 0) may stand there already, as a colleague sent it.
    own = indices[bisect_left(sequences, 0) :]
    if any(second <= first for first, second in pairwise(own)):
        raise RelayReordered
    return True


def promises(journal: Journal) -> list[Promise]:
    """Return what the relay promised and has not shown yet."""
    query = "SELECT sequence, promised, frame FROM outbox WHERE promised IS NOT NULL"
    return [Promise(row[0], row[1], leaf_hash(row[2])) for row in journal.store.rows(query)]


def hold_to(journal: Journal, promised: list[Promise], size: int) -> None:
    """Hold the relay to its promises; those that it kept leave the outbox.

    `size` is that of a checkpoint that was asked for after the promises were given.

    Raises:
        RelayRolledBack: the log does not reach what it promised.
        RelayForked: something else stands where our frame should.
    """
    for promise in promised:
        if promise.index >= size:
            raise RelayRolledBack
        if journal.log.leaves(promise.index, promise.index + 1) != [promise.leaf]:
            raise RelayForked
    if promised:
        with journal.store.transaction() as writer:
            rows = [(promise.sequence,) for promise in promised]
            writer.executemany("DELETE FROM outbox WHERE sequence = ?", rows)


def acknowledged(journal: Journal) -> int:
    """Return up to which own sequence the relay has everything."""
    query = "SELECT min(sequence) FROM outbox WHERE promised IS NULL"
    unsent: int | None = journal.store.value(query)
    return journal.pen.sequence if unsent is None else unsent - 1


def boxes_of(journal: Journal, conversation: Conversation) -> list[tuple[Box, Mailbox]]:
    """Return where a person reads: every box that records name, so that hers is among them.

    Raises:
        BadKey: to none of them can be sealed.
    """
    boxes = list(boxes_to(journal, conversation.voice, conversation.mailboxes))
    if not boxes:
        raise BadKey
    return boxes


def boxes_to(
    journal: Journal, voice: bytes, mailboxes: Iterable[Mailbox]
) -> Iterator[tuple[Box, Mailbox]]:
    """Return boxes to which can be sealed; a line proves the office by its own voice."""
    for one in mailboxes:
        with suppress(BadKey):
            key = SealingPublicKey.parse(one.sealing_key)
            proves = voice if one.line is None else one.line.voice
            yield Box(journal.office, one.address, key, proves), one


def for_line(mailbox: Mailbox) -> dict[str, bytes]:
    """Return what a line must get back to know to whom an answer goes; nothing where none reads."""
    return {EXTRA: mailbox.line.handle} if mailbox.line is not None else {}


def box_of_letter(journal: Journal, letter: Letter) -> Box:
    """Return where the writer of a letter reads, or the line does for her."""
    key = SealingPublicKey.parse(letter.key)
    sender = Sender(letter.voice, letter.address, letter.key)
    mark = parse_mark(encode(letter.extras), journal.office, sender)
    voice = letter.voice if mark is None else mark.voice
    return Box(journal.office, Address(letter.address), key, voice)


def seal_have(journal: Journal, box: Box, message: bytes) -> tuple[Instant, bytes]:
    """Return the sealed word that the office has a message, and when it expires."""
    now = journal.clock.now()
    return end_of_day(now + HAVE_LIVES), seal_reply(Reply(1, "have", now, "", (), message, {}), box)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A sealed letter to a person, and what must be true before and after it is sent.

    `after` is the own sequence that the relay must have first; `answer` is empty for the word that
    the office has a message, which then names the message.  Where a colleague recorded that,
    `after` is 0, and `due` gives them the time to say so.
    """

    after: int
    conversation: ConversationId
    expires: Instant
    item: bytes
    answer: bytes = b""
    message: bytes = b""
    due: int = 0


def keep_letter(journal: Journal, letter: Outgoing, box: Box) -> int:
    """Keep a sealed letter until the relay has it, and what it takes to seal it once more.

    Inside the commit's transaction, if it follows from one.  Its number is no letter's whose files
    still wait: those would go beside it, or not as long as it is here.
    """
    with journal.store.transaction() as writer:
        writer.execute(
            _KEEP_LETTER,
            (
                *(letter.after, letter.due, box.address, box.key.raw, box.voice),
                *(letter.expires, letter.item, letter.conversation),
                *(letter.answer, letter.message),
            ),
        )
        return int(writer.last_insert_rowid())


def by_chance(journal: Journal, most: int) -> int:
    """Draw a number below `most`."""
    return int.from_bytes(journal.rng.bytes(4), "big") * most >> 32


def keep_answer(
    journal: Journal,
    sequence: int,
    answer: AnswerWritten,
    boxes: Iterable[tuple[Box, bytes]],
    files: Iterable[tuple[BlobSealer, bytes]],
) -> None:
    """Keep an answer's letter, sealed for each box of the person, and the files that it names.

    Inside the transaction of the commit of that sequence, which says that it was written.
    """
    where, until = ConversationId(answer.conversation), Instant(answer.expires)
    letters = [
        keep_letter(journal, Outgoing(sequence, where, until, item, answer.answer), box)
        for box, item in boxes
    ]
    for sealer, content in files:
        keep_upload(journal, letters[0], sealer, content)


def seal_file(
    journal: Journal, name: str, media_type: str, content: bytes
) -> tuple[SealedFile, BlobSealer]:
    """Return what a fact says of a new file, and what seals its chunks."""
    key = journal.rng.bytes(32)
    sealer = BlobSealer(key, len(content))
    return SealedFile(sealer.plan.blob, key, name, len(content), media_type), sealer


def keep_upload(
    journal: Journal, letter: int, sealer: BlobSealer, content: bytes, package: bytes = b""
) -> None:
    """Keep a file's sealed chunks until the relay has them.

    `package` names the conversation of a letter that alone holds the file's key: no record names
    such a file, so nothing of it is kept once it is sent.
    """
    plan = sealer.plan
    token = journal.rng.bytes(TOKEN_BYTES)
    with journal.store.transaction() as writer:
        row = (plan.blob, letter, plan.chunks, plan.padded, token, package)
        writer.execute("INSERT INTO uploads VALUES (?, ?, ?, ?, ?, ?)", row)
        for index in range(plan.chunks):
            part = content[index << 20 : (index + 1) << 20]
            sealed = (plan.blob, index, sealer.seal(index, part))
            writer.execute("INSERT INTO upload_chunks VALUES (?, ?, ?)", sealed)


def take_later(journal: Journal, indices: Iterable[int], *, after: int = 0) -> None:
    """Let the relay be told at the next full hour that the office has these items.

    `after` is the own sequence that the relay must have first.  All of an hour are told at once and
    whether or not the words to people went: told with those, or as each of them went, they would
    say whose box belongs to which item.
    """
    due = (journal.clock.now() // TAKEN_EVERY + 1) * TAKEN_EVERY
    with journal.store.transaction() as writer:
        rows = [(index, after, due) for index in indices]
        writer.executemany("INSERT OR IGNORE INTO taken VALUES (?, ?, ?)", rows)


def send_taken(journal: Journal, courier: Courier) -> bool:
    """Tell the relay which items the office has, once their hour came; False when none has."""
    now = journal.clock.now()
    # What is due later than in an hour is due since the clock was set back.
    query = "SELECT idx FROM taken WHERE after <= ? AND (due <= ? OR due > ?) ORDER BY idx LIMIT ?"
    bounds = (acknowledged(journal), now, now + TAKEN_EVERY, TAKEN_AT_ONCE)
    rows = journal.store.rows(query, bounds)
    if not rows:
        return False
    courier.taken([row[0] for row in rows])
    with journal.store.transaction() as writer:
        writer.executemany("DELETE FROM taken WHERE idx = ?", rows)
    return True


class FileIncomplete(Refused):
    """The file is not whole at the relay yet."""

    code = "file_incomplete"


def file_state(courier: Courier, blob: BlobId) -> tuple[int, int]:
    """Return (chunks, ready) of a file; (0, 0) while the relay has heard nothing of it."""
    try:
        chunks, _, ready = courier.blob_state(blob)
    except NotFound:
        return 0, 0
    return chunks, ready
