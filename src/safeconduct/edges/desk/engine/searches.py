# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often somebody here searched on a day, until colleagues are told.

Told once, when the day is over, beside a heartbeat (spec/crew.md 11): a number, no word, no time.
Fails open: on a full disk somebody searches on, and that is not reported.
"""

from __future__ import annotations

from typing import Final

from safeconduct.edges.desk.audit_api import SEARCHED
from safeconduct.edges.desk.engine import openings
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.left_behind import takes_messages
from safeconduct.edges.desk.store import Store, StoreFull
from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.errors import SafeconductError
from safeconduct.kernel.words import DAY
from safeconduct.rooms import crew, hotline
from safeconduct.rooms.hotline.events import SEARCHES_MOST, SearchesMade

NAME: Final = "searches"
DAYS_MOST: Final = 100
"""As many days wait to be told, the newest."""


class Counted(Record, frozen=True):
    """How many searches on which days; none of them was told."""

    days: tuple[tuple[int, int], ...]


_COUNTED: Final[Codec[Counted]] = Codec(Counted, NAME)


def note(journal: Journal) -> None:
    """Count one more search on this day, by this desk's clock in UTC."""
    may = crew.may_write(journal.roster, journal.device, SEARCHED)
    if not may or not takes_messages(journal):
        return
    store, day = journal.store, journal.clock.now() // DAY
    with store.lock:
        counts = dict(_read(store))
        counts[day] = min(counts.get(day, 0) + 1, SEARCHES_MOST)
        try:
            with store.transaction():
                store.put_setting(NAME, Counted(tuple(sorted(counts.items())[-DAYS_MOST:])))
        except StoreFull:
            journal.trouble(StoreFull.code)


def due(journal: Journal) -> SearchesMade | None:
    """Return what the next heartbeat tells: the oldest day that is over."""
    heads = len(journal.rosters.heads.newest(journal.pen.heads))
    today = journal.clock.now() // DAY
    over = [one for one in _read(journal.store) if one[0] < today]
    return SearchesMade(*over[0]) if over and openings.room(heads) else None


def waiting(journal: Journal) -> list[SearchesMade]:
    """Return all that is still to be told, of this day too, for a desk that is packed."""
    return [SearchesMade(*one) for one in _read(journal.store)]


def told(store: Store, fact: SearchesMade) -> None:
    """Forget what was told; in the transaction that keeps the fact."""
    left = tuple(one for one in _read(store) if one[0] != fact.day)
    store.put_setting(NAME, Counted(left))


def goes_on(words: str, before: str) -> bool:
    """Tell whether these words are those before, being typed on or taken back."""
    return bool(before) and (words.startswith(before) or before.startswith(words))


def made_in(kind: str, version: int, body: bytes) -> SearchesMade | None:
    """Return what a report says; None for other facts and for one that lies in quarantine."""
    if kind != SEARCHED:
        return None
    try:
        fact = hotline.parse_fact(kind, version, body)
    except SafeconductError:
        return None
    return fact if isinstance(fact, SearchesMade) else None


def _read(store: Store) -> tuple[tuple[int, int], ...]:
    counted = store.setting(NAME, _COUNTED)
    return counted.days if counted else ()
