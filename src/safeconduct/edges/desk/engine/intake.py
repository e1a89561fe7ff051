# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people wrote: from the relay's intake into the journal, each message once.

A letter that does not open or parse is kept aside with its code and blocks no other.  An item is
let go at the relay only after the relay has the commit that records it and the person's box has
the word that we have it; if a colleague recorded it and then fell silent, we do the rest.
No index is passed over: each item, or the id of one that was dropped, is a leaf of the intake's
tree, which the relay signs (docs/spec/relay.md 6).
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine import post
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.kernel.canon import Codec, encode
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import Seen
from safeconduct.kernel.log.checkpoint import Checkpoint
from safeconduct.kernel.log.merkle import leaf_hash
from safeconduct.kernel.ports import Courier, IntakeItem, ItemState
from safeconduct.kernel.sync import RelayForked, RelayWithholds, TreeWatch
from safeconduct.kernel.words import DAY, MINUTE, ConversationId, Instant, MessageId
from safeconduct.rooms import hotline
from safeconduct.rooms.hotline.events import MessageReceived
from safeconduct.rooms.hotline.letters import (
    Letter,
    conversation_of,
    item_epoch,
    message_id,
    open_letter,
)

RUN_BYTES: Final = 4 << 20
PATIENCE: Final = 2 * MINUTE
LOOK_AFTER_MOST: Final = 20
JUDGED_AT_ONCE: Final = 200_000
TEXT: Final[Codec[str]] = Codec(str, "text")
READ_FOR: Final = "intake_read_for"
SUSPENDED: Final = (
    "SELECT ifnull(group_concat(hex(device) || forked_at), '') FROM "
    "(SELECT device, forked_at FROM chains WHERE forked_at IS NOT NULL ORDER BY device)"
)
"""Which devices are suspended, and from where on."""
RECORDS_AT_ONCE: Final = 5_000
RECORDS: Final = (
    'SELECT e.no, e.kind, e.version, e.body FROM entries e JOIN commits c ON c.no = e."commit" '
    "WHERE e.kind = 'hotline.MessageReceived' AND e.conversation IS NOT NULL "
    "AND e.no > ? AND c.state = 0 ORDER BY e.no LIMIT ?"
)
VIA_PAGE: Final = "page"
VIA_MOST: Final = 20
SAID: Final = (
    *("conversation", "message", "address", "sealing_key", "voice"),
    *("language", "text", "files"),
)


class NoIntakeKey(SafeconductError):
    """The private half of that intake key is not held here; the item is kept."""

    code = "no_intake_key"


def read_items(journal: Journal, courier: Courier, watch: TreeWatch, size: int) -> None:
    """Take some items that follow what the watch was served, before `size`, each in its place.

    Raises:
        RelayWithholds: it hands over none, or passes one over.
    """
    start = watch.size
    items = courier.items(start, RUN_BYTES)[: size - start]
    if not items or any(item.at != at for at, item in enumerate(items, start)):
        raise RelayWithholds
    _note_dropped(journal, items)
    for item in items:
        message = MessageId(item.body)
        if item.state is not ItemState.DROPPED:
            message = message_id(item.body)
            receive(journal, item, message)
        watch.extend(leaf_hash(message))


def read_again(journal: Journal, courier: Courier, confirmed: Seen) -> None:
    """Take every item once more when a device was suspended: what it recorded counts no longer.

    A colleague's device could else record what people wrote, sign a number twice, and so take it
    away from everybody.  What is still there is recorded anew; of the rest, its loss is told.

    Raises:
        RelayWithholds, RelayForked: it hands over another intake than it did.
    """
    suspended = journal.store.value(SUSPENDED)
    if suspended == (journal.store.setting(READ_FOR, TEXT) or ""):
        return
    watch = TreeWatch("intake")
    while watch.size < confirmed.size:
        read_items(journal, courier, watch, confirmed.size)
    watch.confirm(Checkpoint(journal.office, "intake", confirmed.size, confirmed.root))
    journal.store.put_setting(READ_FOR, suspended)


def receive(journal: Journal, item: IntakeItem, message: MessageId) -> None:
    """Record one item: a message, or one kept aside.

    What a colleague recorded of it is not believed unread: where no record says what the item
    says, this desk writes its own beside them, and the fold shows both.
    """
    try:
        letter, epoch = _open(journal, item.body)
    except SafeconductError as error:
        journal.trouble("letter_aside")
        row = (message, item.at, item.arrived, item.body, error.code, journal.clock.now())
        with journal.store.transaction() as writer:
            writer.execute("INSERT OR IGNORE INTO aside VALUES (?, ?, ?, ?, ?, ?)", row)
        return
    conversation = conversation_of(letter.voice)
    received = _fact(letter, message, _plausible(journal, item.arrived), epoch)
    if any(_same(record, received) for record in journal.lists.records(conversation, message)):
        if item.state is ItemState.WAITS:
            _owe(journal, item.at, message, conversation, ours=False)
        return
    box = post.box_of_letter(journal, letter)
    expires, have = post.seal_have(journal, box, message)

    def also(sequence: int) -> None:
        _owe(journal, item.at, message, conversation, ours=True)
        letter = post.Outgoing(sequence, conversation, expires, have, intake=item.at)
        post.keep_letter(journal, letter, box)

    journal.write([post.fact(journal, received)], also)


def look_after(journal: Journal, courier: Courier) -> None:
    """Finish for colleagues who recorded a message and then fell silent."""
    rows = journal.store.rows(
        "SELECT idx, message FROM intake WHERE ours = 0 AND since < ? LIMIT ?",
        (journal.clock.now() - PATIENCE, LOOK_AFTER_MOST),
    )
    for index, message in rows:
        item = next(iter(courier.items(index, 1)), None)
        if item is not None and item.state is ItemState.WAITS:
            _finish(journal, courier, (index, message), item.body)
        with journal.store.transaction() as writer:
            writer.execute("DELETE FROM intake WHERE idx = ?", (index,))


def _finish(journal: Journal, courier: Courier, owed: tuple[int, bytes], item: bytes) -> None:
    """Tell the person, at the box that her own letter names, that the office has it."""
    index, message = owed
    try:
        if message_id(item) != message:
            raise RelayForked
        letter, _ = _open(journal, item)
    except SafeconductError as error:
        journal.trouble(error.code)  # One row must not stop those after it.
        return
    box = post.box_of_letter(journal, letter)
    expires, have = post.seal_have(journal, box, message)
    courier.post([(box.address, expires, have)])
    post.take_later(journal, [index])


def judge_dropped(journal: Journal) -> None:
    """Say so when an item was dropped that nobody recorded, once colleagues had time to tell.

    Called after the log was read, so that a record which is there has been read.
    """
    rows = journal.store.rows(
        "SELECT idx, message FROM dropped WHERE since < ? ORDER BY idx LIMIT ?",
        (journal.clock.now() - PATIENCE, JUDGED_AT_ONCE),
    )
    if not rows:
        return
    if _unrecorded(journal, {message for _, message in rows}):
        journal.trouble("dropped_unread")
    with journal.store.transaction() as writer:
        writer.executemany("DELETE FROM dropped WHERE idx = ?", [(row[0],) for row in rows])


def _unrecorded(journal: Journal, messages: set[bytes]) -> set[bytes]:
    """Return those of these messages of which no record counts."""
    number = 0
    while messages:
        rows = journal.store.rows(RECORDS, (number, RECORDS_AT_ONCE))
        if not rows:
            break
        number = rows[-1][0]
        for _, kind, version, body in rows:
            event = hotline.parse_fact(kind, version, body)
            if isinstance(event, MessageReceived):
                messages.discard(event.message)
    return messages


def _note_dropped(journal: Journal, items: list[IntakeItem]) -> None:
    """Remember what was dropped before this desk saw it."""
    now = journal.clock.now()
    rows = [(item.at, item.body, now) for item in items if item.state is ItemState.DROPPED]
    if rows:
        with journal.store.transaction() as writer:
            writer.executemany("INSERT OR IGNORE INTO dropped VALUES (?, ?, ?)", rows)


def _open(journal: Journal, item: bytes) -> tuple[Letter, int]:
    epoch = item_epoch(item, journal.office)
    key = journal.keychain.intake(epoch)
    if key is None:
        raise NoIntakeKey
    return open_letter(item, journal.office, key), epoch


def _plausible(journal: Journal, arrived: Instant) -> Instant:
    """Return when an item came, as far as a relay's word is worth writing down."""
    now = journal.clock.now()
    return now if arrived > now + DAY else arrived


def _same(record: MessageReceived, opened: MessageReceived) -> bool:
    """Tell whether a record says what the letter says, in all that people see and act upon."""
    return all(getattr(record, name) == getattr(opened, name) for name in SAID)


def _owe(
    journal: Journal, index: int, message: bytes, conversation: ConversationId, *, ours: bool
) -> None:
    row = (index, message, conversation, ours, journal.clock.now())
    with journal.store.transaction() as writer:
        writer.execute("INSERT OR IGNORE INTO intake VALUES (?, ?, ?, ?, ?)", row)


def _fact(letter: Letter, message: bytes, arrived: Instant, epoch: int) -> MessageReceived:
    via = letter.extras.get("via")
    return MessageReceived(
        conversation=conversation_of(letter.voice),
        message=message,
        address=letter.address,
        sealing_key=letter.key,
        voice=letter.voice,
        arrived=arrived,
        language=letter.language,
        text=letter.text,
        files=letter.files,
        via=via if isinstance(via, str) and len(via) <= VIA_MOST else VIA_PAGE,
        extras=encode(letter.extras),
        intake_epoch=epoch,
    )
