# SPDX-License-Identifier: AGPL-3.0-or-later
"""Go over to another log: that of a new relay, or of one that was honestly restored.

What the new log holds as a prefix stays as it was read.  Frames that this desk holds beyond it
wait in the outbox before its own, under numbers below zero; they are sent with their own bytes, so
that the relay stores each once, and stay until they were read back (spec/crew.md 9).
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.engine import files_again, told_move
from safeconduct.edges.desk.engine.cited import WENT, WENT_OVER, Went
from safeconduct.edges.desk.engine.intake import AGAIN
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.keys import Place
from safeconduct.edges.desk.engine.told_move import ELSEWHERE
from safeconduct.edges.desk.store_log import EDGE, NUMBER
from safeconduct.kernel.canon import Bytes36, Codec
from safeconduct.kernel.journal import Seen
from safeconduct.kernel.log.merkle import root_at
from safeconduct.kernel.sync import RelayForked, RelayRolledBack
from safeconduct.kernel.words import FactId
from safeconduct.rooms.crew.move_facts import RelayMoved, live, onward

AGREED: Final = "agreed_move"
"""The fact id of the move to which the person at this desk agreed."""
CONTESTED: Final = "relay_contested"
UNSETTLED: Final = "order_unsettled"
_FACT: Final[Codec[bytes]] = Codec(Bytes36, AGREED)
OLD_TROUBLES: Final = (
    *("relay_forked", "relay_reordered", "relay_rolled_back", "relay_withholds"),
    *("unknown_capability", "unknown_office", ELSEWHERE),
)
"""What was said of the relay that is left, and says nothing of the one that follows."""


def go_over(journal: Journal, place: Place, fact: bytes, log: Seen) -> int:
    """Follow another log from now on, which begins with `log`; return how much it may lack.

    Inside the transaction of what it follows from.  The journal must be opened anew after it.

    Raises:
        RelayForked: what this desk holds begins otherwise; nothing was changed.
    """
    shelf, store = journal.log, journal.store
    confirmed = shelf.watch("log").confirmed
    if confirmed.size >= log.size:
        if root_at(log.size, shelf.subtree) != log.root:
            raise RelayForked
        confirmed = log
    with store.transaction() as writer:
        beyond = _keep_beyond(journal, confirmed.size)
        shelf.cut(confirmed.size)
        store.put_setting("tree.log", confirmed)
        writer.execute("UPDATE commits SET at = NULL WHERE at >= ?", (confirmed.size,))
        old = 'DELETE FROM quarantine WHERE at >= ? AND "commit" IS NULL'
        writer.execute(old, (confirmed.size,))
        writer.execute("DELETE FROM taken")
        store.drop_settings("tree.intake", EDGE, AGAIN, AGREED, told_move.TOLD_MOVE)
        writer.executemany("DELETE FROM troubles WHERE code = ?", [(one,) for one in OLD_TROUBLES])
        store.put_setting("place", place)
        store.put_setting(WENT, Went(fact, log.size, log.root))
        store.put_setting(UNSETTLED, beyond)
        files_again.begin(journal)
    return beyond


def _keep_beyond(journal: Journal, size: int) -> int:
    """Put the frames from a size on before all that waits to be sent, and promise nothing more."""
    shelf, store = journal.log, journal.store
    with store.transaction() as writer:
        older = store.rows("SELECT frame FROM outbox WHERE sequence < 0 ORDER BY sequence")
        frames = [row[0] for row in older] + shelf.frames(size, shelf.size() - size)
        writer.execute("DELETE FROM outbox WHERE sequence < 0")
        rows = [(at - len(frames), frame) for at, frame in enumerate(frames)]
        writer.executemany("INSERT INTO outbox VALUES (?, ?, NULL)", rows)
        writer.execute("UPDATE outbox SET promised = NULL")
    return len(frames)


def hold(journal: Journal, served: int) -> None:
    """Hold a relay to the log that it began with, or came back with, before any of it counts.

    Raises:
        RelayRolledBack: its log is shorter.
        RelayForked: its log begins otherwise.
    """
    went = journal.store.setting(WENT, WENT_OVER)
    if went is None or not went.root:
        return
    if served < went.size:
        raise RelayRolledBack
    if root_at(went.size, journal.log.subtree) != went.root:
        raise RelayForked


def settle(journal: Journal) -> None:
    """Once the log shows all that was sent again: read it in its order, if that may matter.

    The order decides what counts of a device that signed one number twice (spec/journal.md 5, 4).
    """
    store = journal.store
    if not store.setting(UNSETTLED, NUMBER):
        return
    if store.value("SELECT 1 FROM outbox WHERE sequence < 0 LIMIT 1"):
        return
    if store.value("SELECT 1 FROM chains WHERE forked_at IS NOT NULL LIMIT 1"):
        journal.read_again()
    store.put_setting(UNSETTLED, 0)


def tell_elsewhere(journal: Journal) -> None:
    """Say so when the log tells that the office left this relay, or contradicts itself."""
    if onward_of(journal):
        journal.trouble(ELSEWHERE)
    elif journal.store.forget_troubles(ELSEWHERE):
        journal.changed()
    if len(live(journal.roster.moves)) > 1:
        journal.trouble(CONTESTED)


def onward_of(journal: Journal) -> tuple[FactId, RelayMoved] | None:
    """Return the move by which the office left the relay that this desk follows; None without.

    By the log; else by a letter in this desk's door, which the log does not know.
    """
    founded = journal.roster.founded
    if founded is None:
        return None
    by_log = onward(journal.roster.moves, founded.relay_key, journal.place.relay_key)
    if by_log is not None:
        return by_log
    by_letter = told_move.told(journal)
    return by_letter[:2] if by_letter else None


def agreed_to(journal: Journal, fact: FactId) -> bool:
    """Tell whether the person at this desk said that it goes along with this very move."""
    return journal.store.setting(AGREED, _FACT) == fact
