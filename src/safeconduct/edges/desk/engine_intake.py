# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people wrote: from the relay's intake into the journal, each message once.

A letter that does not open or parse is kept aside with its code and blocks no other.  An item is
dropped from the relay only after the relay has the commit that records it and the person's box has
the word that we have it; if a colleague recorded it and then fell silent, we do the rest.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk import engine_post as post
from safeconduct.edges.desk.engine_journal import Journal
from safeconduct.edges.desk.store_log import NUMBER
from safeconduct.kernel.canon import encode
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.ports import Courier
from safeconduct.kernel.sync import RelayForked
from safeconduct.kernel.words import DAY, MINUTE, ConversationId, Instant
from safeconduct.rooms.hotline.events import MessageReceived
from safeconduct.rooms.hotline.letters import (
    Letter,
    conversation_of,
    item_epoch,
    message_id,
    open_letter,
)

INTAKE_TO: Final = "intake_to"
RUN_BYTES: Final = 4 << 20
PATIENCE: Final = 2 * MINUTE
LOOK_AFTER_MOST: Final = 20
VIA_PAGE: Final = "page"
VIA_MOST: Final = 20
SAID: Final = (
    *("conversation", "message", "address", "sealing_key", "voice"),
    *("language", "text", "files"),
)


class NoIntakeKey(SafeconductError):
    """The private half of that intake key is not held here; the item is kept."""

    code = "no_intake_key"


def read_items(journal: Journal, courier: Courier) -> bool:
    """Take some new items; False when there are none."""
    start = journal.store.setting(INTAKE_TO, NUMBER) or 0
    items = courier.items(start, RUN_BYTES)
    for index, arrived, item in items:
        receive(journal, index, arrived, item)
        journal.store.put_setting(INTAKE_TO, index + 1)
    return bool(items)


def receive(journal: Journal, index: int, arrived: Instant, item: bytes) -> None:
    """Record one item: a message, or one kept aside.

    What a colleague recorded of it is not believed unread: where no record says what the item
    says, this desk writes its own beside them, and the fold shows both.
    """
    message = message_id(item)
    try:
        letter, epoch = _open(journal, item)
    except SafeconductError as error:
        journal.trouble("letter_aside")
        row = (message, index, arrived, item, error.code, journal.clock.now())
        with journal.store.transaction() as writer:
            writer.execute("INSERT OR IGNORE INTO aside VALUES (?, ?, ?, ?, ?, ?)", row)
        return
    conversation = conversation_of(letter.voice)
    received = _fact(letter, message, _plausible(journal, arrived), epoch)
    if any(_same(record, received) for record in journal.lists.records(conversation, message)):
        _owe(journal, index, message, conversation, ours=False)
        return
    box = post.box_of_letter(journal, letter)
    expires, have = post.seal_have(journal, box, message)

    def also(sequence: int) -> None:
        _owe(journal, index, message, conversation, ours=True)
        letter = post.Outgoing(sequence, conversation, expires, have, intake=index)
        post.keep_letter(journal, letter, box)

    journal.write([post.fact(journal, received)], also)


def look_after(journal: Journal, courier: Courier) -> None:
    """Finish for colleagues who recorded a message and then fell silent."""
    rows = journal.store.rows(
        "SELECT idx, message FROM intake WHERE ours = 0 AND since < ? LIMIT ?",
        (journal.clock.now() - PATIENCE, LOOK_AFTER_MOST),
    )
    for index, message in rows:
        items = courier.items(index, 1)
        if items and items[0][0] == index:
            _finish(journal, courier, (index, message), items[0][2])
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
    courier.taken([index])


def try_aside_again(journal: Journal) -> None:
    """Open what was kept aside for want of a key, after a key came."""
    rows = journal.store.rows("SELECT message, idx, arrived, item FROM aside")
    for message, index, arrived, item in rows:
        try:
            _open(journal, item)
        except SafeconductError:
            continue
        receive(journal, index, arrived, item)
        with journal.store.transaction() as writer:
            writer.execute("DELETE FROM aside WHERE message = ?", (message,))


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
