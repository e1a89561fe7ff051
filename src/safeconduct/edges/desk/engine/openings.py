# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which conversations somebody looked at here, until colleagues are told (spec/crew.md 11).

Told beside heartbeats, which go out anyway: the relay sees no frame more and none that is longer.
What waits lies sealed in the store, and is told when the desk is on duty again.  Fails open: on a
full disk somebody reads on, and what was looked at then is not reported.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.audit_api import OPENED
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.store import Store, StoreFull
from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import DAY, ConversationId, DeviceId
from safeconduct.rooms import crew, hotline
from safeconduct.rooms.hotline.events import OPENED_MOST, ConversationsOpened

NAME: Final = "openings"
WAITING_MOST: Final = 2_000
_OF_DEVICE: Final = (
    'SELECT e.version, e.body FROM entries e JOIN commits c ON c.no = e."commit" '
    "WHERE e.conversation IS NULL AND e.kind = ? AND c.device = ?"
)
HEADS_ROOM: Final = 10
"""A heartbeat whose commit cites so many heads has no room left beside it; each takes that of two.
"""


class Looked(Record, frozen=True):
    """What was looked at: on the newest day, told or not, and on which day what is to be told."""

    day: int
    today: tuple[bytes, ...]
    waiting: tuple[tuple[int, bytes], ...]


_LOOKED: Final[Codec[Looked]] = Codec(Looked, NAME)
NOTHING: Final = Looked(0, (), ())


def note(journal: Journal, conversation: ConversationId) -> None:
    """Remember that a conversation was looked at: once a day each, by this desk's clock in UTC."""
    if not crew.may_write(journal.roster, journal.device, OPENED):
        return
    store, day = journal.store, journal.clock.now() // DAY
    with store.lock:
        before = _read(store)
        today = before.today if before.day == day else ()
        if conversation in today or len(before.waiting) >= WAITING_MOST:
            return
        waiting = (*before.waiting, (day, conversation))
        try:
            with store.transaction():
                store.put_setting(NAME, Looked(day, (*today, conversation), waiting))
        except StoreFull:
            journal.trouble(StoreFull.code)


def room(heads: int) -> int:
    """Return how many ids fit beside a heartbeat whose commit cites so many heads."""
    return max(0, min(OPENED_MOST, 2 * (HEADS_ROOM - heads)))


def due(journal: Journal) -> ConversationsOpened | None:
    """Return what the next heartbeat tells: of the oldest day, as much as its frame holds."""
    waiting = _read(journal.store).waiting
    heads = len(journal.rosters.heads.newest(journal.pen.heads))
    if not waiting or not room(heads):
        return None
    day = waiting[0][0]
    some = [conversation for on, conversation in waiting if on == day][: room(heads)]
    return ConversationsOpened(day, tuple(sorted(some)))


def waiting(journal: Journal) -> list[ConversationsOpened]:
    """Return all that is still to be told, for a desk that is packed and cannot tell it later."""
    days: dict[int, list[bytes]] = {}
    for day, conversation in sorted(_read(journal.store).waiting):
        days.setdefault(day, []).append(conversation)
    return [
        ConversationsOpened(day, tuple(opened[start : start + OPENED_MOST]))
        for day, opened in days.items()
        for start in range(0, len(opened), OPENED_MOST)
    ]


def told(store: Store, fact: ConversationsOpened) -> None:
    """Forget what was told; in the transaction that keeps the fact."""
    before = _read(store)
    gone = {(fact.day, conversation) for conversation in fact.conversations}
    waiting = tuple(one for one in before.waiting if one not in gone)
    store.put_setting(NAME, Looked(before.day, before.today, waiting))


def days_of(kind: str, version: int, body: bytes) -> dict[bytes, int]:
    """Return on which day each conversation was looked at; nothing for other facts."""
    try:
        fact = hotline.parse_fact(kind, version, body)
    except SafeconductError:
        return {}  # It lies in quarantine.
    if not isinstance(fact, ConversationsOpened):
        return {}
    return dict.fromkeys(fact.conversations, fact.day)


def looked_at(store: Store, device: DeviceId) -> set[bytes]:
    """Return the conversations that a device reported, in facts that do not count too."""
    rows = store.rows(_OF_DEVICE, (OPENED, device))
    return {one for version, body in rows for one in days_of(OPENED, version, body)}


def _read(store: Store) -> Looked:
    return store.setting(NAME, _LOOKED) or NOTHING
