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
from safeconduct.kernel.words import MINUTE, ConversationId, Instant
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
    """Record one item: a message, a message that a colleague recorded, or one kept aside."""
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
    if _known(journal, conversation, message):
        _owe(journal, index, message, conversation, ours=False)
        return
    box = post.box_of_letter(journal, letter)
    expires, have = post.seal_have(journal, box, message)

    def also(sequence: int) -> None:
        _owe(journal, index, message, conversation, ours=True)
        letter = post.Outgoing(sequence, conversation, expires, have, intake=index)
        post.keep_letter(journal, letter, box)

    received = _fact(letter, conversation, message, arrived, epoch)
    journal.write([post.fact(journal, received)], also)


def look_after(journal: Journal, courier: Courier) -> None:
    """Finish for colleagues who recorded a message and then fell silent."""
    rows = journal.store.rows(
        "SELECT idx, message, conversation FROM intake WHERE ours = 0 AND since < ? LIMIT ?",
        (journal.clock.now() - PATIENCE, LOOK_AFTER_MOST),
    )
    for index, message, conversation in rows:
        items = courier.items(index, 1)
        folded = journal.lists.conversation(ConversationId(conversation))
        if items and items[0][0] == index and folded is not None:
            box = post.box_of(journal, folded)
            expires, have = post.seal_have(journal, box, message)
            courier.post([(box.address, expires, have)])
            courier.taken([index])
        with journal.store.transaction() as writer:
            writer.execute("DELETE FROM intake WHERE idx = ?", (index,))


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


def _known(journal: Journal, conversation: ConversationId, message: bytes) -> bool:
    folded = journal.lists.conversation(conversation)
    return folded is not None and any(known.id == message for known in folded.messages)


def _owe(
    journal: Journal, index: int, message: bytes, conversation: ConversationId, *, ours: bool
) -> None:
    row = (index, message, conversation, ours, journal.clock.now())
    with journal.store.transaction() as writer:
        writer.execute("INSERT OR IGNORE INTO intake VALUES (?, ?, ?, ?, ?)", row)


def _fact(
    letter: Letter, conversation: ConversationId, message: bytes, arrived: Instant, epoch: int
) -> MessageReceived:
    via = letter.extras.get("via")
    return MessageReceived(
        conversation=conversation,
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
