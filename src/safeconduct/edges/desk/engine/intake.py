# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people wrote: from the relay's intake into the journal, each message once.

A letter that does not open or parse is kept aside with its code and blocks no other.  An item is
let go at the relay only after the relay has the commit that records it.  If a colleague recorded it
and then fell silent, the person is told all the same, with the word that we sealed when we read
the item ourselves.
No index is passed over: each item, or the id of one that was dropped, is a leaf of the intake's
tree, which the relay signs (docs/spec/relay.md 6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from safeconduct.edges.desk.engine import aside, dropped, post
from safeconduct.edges.desk.engine.clock import came
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.store_log import NUMBER
from safeconduct.kernel.canon import Codec, Record, encode
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.journal import Fact, Seen
from safeconduct.kernel.log.checkpoint import Checkpoint
from safeconduct.kernel.log.merkle import Frontier, leaf_hash
from safeconduct.kernel.ports import Courier, IntakeItem, ItemState
from safeconduct.kernel.sync import RelayForked, RelayWithholds, TreeWatch
from safeconduct.kernel.words import DAY, HOUR, MINUTE, ConversationId, Instant, MessageId
from safeconduct.rooms.hotline.events import MessageReceived
from safeconduct.rooms.hotline.letters import (
    Letter,
    conversation_of,
    item_epoch,
    message_id,
    open_letter,
)

RUN_BYTES: Final = 4 << 20
TOGETHER: Final = 64
"""So many items are durable at once; what waits for the store meanwhile waits so long."""
COMMIT_BYTES: Final = 10 << 10
"""So much at most is one commit: its frame counts as a small one (`post.SMALL_FRAME`)."""
LEAST_BYTES: Final = 2 << 10
"""What a record takes beside its text."""
HAVE_SPREAD: Final = 4 * MINUTE
TEXT: Final[Codec[str]] = Codec(str, "text")
READ_FOR: Final = "intake_read_for"
AGAIN: Final = "intake_read_again"
AGAIN_ENDED: Final = "intake_read_again_ended"
AGAIN_EARLIEST: Final = HOUR
SUSPENDED: Final = (
    "SELECT ifnull(group_concat(hex(device) || forked_at), '') FROM "
    "(SELECT device, forked_at FROM chains WHERE forked_at IS NOT NULL ORDER BY device)"
)
"""Which devices are suspended, and from where on."""
VIA_PAGE: Final = "page"
VIA_MOST: Final = 20
SAID: Final = (
    *("conversation", "message", "address", "sealing_key", "voice"),
    *("language", "text", "files", "extras", "via"),
)


class NoIntakeKey(SafeconductError):
    """The private half of that intake key is not held here; the item is kept."""

    code = "no_intake_key"


class Again(Record, frozen=True):
    """How far the intake was read again for some suspensions, and the tree's edge there."""

    suspended: str
    size: int
    peaks: tuple[bytes, ...]


READ_AGAIN: Final[Codec[Again]] = Codec(Again, "again")


def read_items(journal: Journal, courier: Courier, watch: TreeWatch, size: int) -> None:
    """Take some items that follow what the watch was served, before `size`, each in its place.

    Raises:
        RelayWithholds: it hands over none, or passes one over.
    """
    start = watch.size
    items = courier.items(start, RUN_BYTES)[: size - start]
    if not items or any(item.at != at for at, item in enumerate(items, start)):
        raise RelayWithholds
    dropped.note(journal, courier, items)
    hopeless: list[IntakeItem] = []
    for begin in range(0, len(items), TOGETHER):
        some = [(item, _name_of(item)) for item in items[begin : begin + TOGETHER]]
        there = [one for one in some if one[0].state is not ItemState.DROPPED]
        with _together(journal):
            hopeless += receive_all(journal, there)
        for _, name in some:
            watch.extend(leaf_hash(name))
    aside.let_go(journal, hopeless)


@contextmanager
def _together(journal: Journal) -> Iterator[None]:
    """Let what is done within be durable at once: the disk is waited for once, when all is done.

    What fails takes all of it back, in memory too.  Pages and the line to the relay hear of what
    was written once it is there.
    """
    try:
        with journal.store.transaction(at_once=True):
            yield
    except BaseException:
        with journal.store.lock:
            journal.load()
        raise
    journal.changed()
    journal.written()


def _name_of(item: IntakeItem) -> MessageId:
    """Return the id of an item; one that was dropped is its id alone."""
    dropped_already = item.state is ItemState.DROPPED
    return MessageId(item.body) if dropped_already else message_id(item.body)


def read_again(
    journal: Journal, courier: Courier, confirmed: Seen, stopped: Callable[[], bool]
) -> None:
    """Take every item once more when a device was suspended: what it recorded counts no longer.

    A colleague's device could else record what people wrote, sign a number twice, and so take it
    away from everybody.  What is still there is recorded anew; of the rest, its loss is told.
    A desk that was closed meanwhile goes on where it was.  The first time is at once; after that
    an hour lies between, since a device can sign ever lower numbers twice as often as it likes.

    Raises:
        RelayWithholds, RelayForked: it hands over another intake than it did.
    """
    again = _again(journal)
    if again is None:
        return
    watch = TreeWatch("intake", frontier=Frontier(again.size, again.peaks))
    while watch.size < confirmed.size:
        if stopped():
            return
        read_items(journal, courier, watch, confirmed.size)
        _keep_again(journal, Again(again.suspended, watch.size, watch.frontier.peaks))
    try:
        watch.confirm(Checkpoint(journal.office, "intake", confirmed.size, confirmed.root))
    except RelayForked:
        _keep_again(journal, Again(again.suspended, 0, ()))
        raise
    with journal.store.transaction():
        journal.store.put_setting(READ_FOR, again.suspended)
        journal.store.put_setting(AGAIN_ENDED, journal.clock.now())


def is_to_read_again(journal: Journal) -> bool:
    """Tell whether a suspension asks for what was not read again yet."""
    suspended: str = journal.store.value(SUSPENDED)
    return suspended != (journal.store.setting(READ_FOR, TEXT) or "")


def _again(journal: Journal) -> Again | None:
    """Return what is to be read again: what was begun, else from the start; None when nothing is.

    What was begun is ended first, and not begun anew for every number that is signed twice.
    """
    store, now = journal.store, journal.clock.now()
    done = store.setting(READ_FOR, TEXT) or ""
    begun = store.setting(AGAIN, READ_AGAIN)
    if begun is not None and begun.suspended != done:
        return begun
    suspended = store.value(SUSPENDED)
    if suspended == done:
        return None
    ended = store.setting(AGAIN_ENDED, NUMBER)
    if ended is not None and not came(now, ended + AGAIN_EARLIEST, AGAIN_EARLIEST):
        return None
    fresh = Again(suspended, 0, ())
    _keep_again(journal, fresh)
    return fresh


def _keep_again(journal: Journal, again: Again) -> None:
    journal.store.put_setting(AGAIN, again)


class Unrecorded(NamedTuple):
    """A message that this desk is to record: at which index it came, and where its writer reads.

    `alike` is that records say the same of it, but of another day.
    """

    at: int
    received: MessageReceived
    letter: Letter
    fact: Fact
    alike: bool


def receive(journal: Journal, item: IntakeItem, message: MessageId) -> bool:
    """Record one item: a message, or one kept aside; False for one that nothing will ever open."""
    return not receive_all(journal, [(item, message)])


def receive_all(
    journal: Journal, items: Iterable[tuple[IntakeItem, MessageId]]
) -> list[IntakeItem]:
    """Record items, several in one commit; return those that nothing will ever open."""
    hopeless, some = list[IntakeItem](), list[Unrecorded]()
    for item, message in items:
        try:
            letter, epoch = _open(journal, item.body)
        except SafeconductError as error:
            if not aside.keep(journal, item, message, error):
                hopeless.append(item)
            continue
        received = _fact(letter, message, _plausible(journal, item.arrived), epoch)
        if not _fits(some, received):
            _record(journal, some)
            some = []
        some += _unrecorded(journal, item, letter, received)
    _record(journal, some)
    return hopeless


def _fits(some: list[Unrecorded], received: MessageReceived) -> bool:
    """Tell whether a message goes into the same commit: in a frame that counts as a small one.

    The same message twice does not, since the first may be all the record that it needs.
    """
    size = len(received.text.encode()) + LEAST_BYTES
    known = any(one.received.message == received.message for one in some)
    return not known and size + sum(len(one.fact.body) for one in some) <= COMMIT_BYTES


def _unrecorded(
    journal: Journal, item: IntakeItem, letter: Letter, received: MessageReceived
) -> list[Unrecorded]:
    """Return what is to be recorded of a message that was read: it, or nothing.

    What a colleague recorded of it is not believed unread: where no record says what the item
    says, this desk writes its own beside them, and the fold shows both.
    Whether the word to her waits hangs on records and the letter alone, which are signed and
    sealed; time and state are the relay's, which could else pick one letter and see its box.
    """
    talk = ConversationId(received.conversation)
    records = journal.lists.records(talk, received.message)
    alike = [record for record in records if _says_the_same(record, received)]
    if not alike and journal.lists.gone.went(talk, received.message):
        # Who has the server and a helper's device could else have all read anew what was destroyed.
        post.take_later(journal, [item.at])
        return []
    if alike:
        _stand_by(journal, received, letter)
    # Desks' clocks and the relay's differ: a time is another one when a day lies between.
    if not any(abs(record.arrived - received.arrived) <= DAY for record in alike):
        fact = post.fact(journal, received)
        return [Unrecorded(item.at, received, letter, fact, bool(alike))]
    if item.state is ItemState.WAITS:
        post.take_later(journal, [item.at])
    return []


def _record(journal: Journal, some: list[Unrecorded]) -> None:
    """Record messages as one commit, and keep the words to their writers."""
    if not some:
        return

    def also(sequence: int) -> None:
        post.take_later(journal, [one.at for one in some], after=sequence)
        for one in some:
            if not one.alike:
                with journal.store.transaction() as writer:
                    query = "DELETE FROM letters WHERE message = ? AND after = 0"
                    writer.execute(query, (one.received.message,))
                _keep_word(journal, one.received, one.letter, after=sequence)

    journal.write([one.fact for one in some], also)


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


def _says_the_same(record: MessageReceived, opened: MessageReceived) -> bool:
    """Tell whether a record says what the letter says, in all that people see and act upon.

    All but the time, which stands in no letter.
    """
    return all(getattr(record, name) == getattr(opened, name) for name in SAID)


def _stand_by(journal: Journal, received: MessageReceived, letter: Letter) -> None:
    """Be ready to tell the person, should the colleague who recorded her message fall silent.

    The word is sealed now, and goes at a moment drawn by chance unless a colleague writes that it
    went.  What the relay says of the item has no part in it: whoever asked it later, or believed
    it, could be made to write to one box for one item.
    """
    known = "SELECT 1 FROM letters WHERE message = ?"
    if journal.store.value(known, (received.message,)):
        return
    if journal.lists.have_sent(ConversationId(received.conversation), received.message):
        return
    due = journal.clock.now() + dropped.PATIENCE + post.by_chance(journal, HAVE_SPREAD)
    _keep_word(journal, received, letter, after=0, due=due)


def _keep_word(
    journal: Journal, received: MessageReceived, letter: Letter, *, after: int, due: int = 0
) -> None:
    """Keep the sealed word to the person that the office has her message, until it is sent."""
    box = post.box_of_letter(journal, letter)
    expires, have = post.seal_have(journal, box, received.message)
    talk, message = ConversationId(received.conversation), received.message
    post.keep_letter(
        journal, post.Outgoing(after, talk, expires, have, message=message, due=due), box
    )


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
