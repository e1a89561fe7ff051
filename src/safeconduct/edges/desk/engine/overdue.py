# SPDX-License-Identifier: AGPL-3.0-or-later
"""When this desk follows what another desk was to follow (spec/crew.md 4).

By this desk's own clock alone, from when it read of it: a quarter of an hour, and up to as much
more by chance, lest all stewards' desks begin at once.  Where two do, the first valid opening wins.
What is noticed is durable, so that a desk which is opened for minutes a day gets there too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from safeconduct.edges.desk.engine.clock import came
from safeconduct.edges.desk.engine.following import outstanding
from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.engine.post import by_chance
from safeconduct.kernel.canon import Codec, Record
from safeconduct.kernel.words import MINUTE
from safeconduct.rooms.crew.events import Followed

WAIT: Final = 15 * MINUTE
SPREAD: Final = 15 * MINUTE


class Awaited(Record, frozen=True):
    """What is left to another desk until then, by this desk's clock."""

    act: Followed
    until: int


_AWAITED: Final[Codec[tuple[Awaited, ...]]] = Codec(tuple[Awaited, ...], "awaited")


def due(journal: Journal, *, read_whole: bool) -> tuple[Followed, ...]:
    """Return what this desk must follow now: what is its own to follow, and what others left.

    The latter only where the whole log was read: it may say that somebody did.
    """
    left = {act: by == journal.device for act, by in outstanding(journal)}
    known = {one.act: one.until for one in _awaited(journal)}
    waits = {act: known[act] for act in left if act in known}
    for act, ours in left.items():
        if not ours and act not in waits:
            waits[act] = when(journal)
    if waits != known:
        _keep(journal, waits)
    return tuple(
        act
        for act, ours in left.items()
        if (ours or read_whole) and (act not in waits or passed(journal, waits[act]))
    )


def put_off(journal: Journal, acts: Iterable[Followed]) -> None:
    """Leave what was ours to follow to the colleague who opened an epoch since."""
    known = {one.act: one.until for one in _awaited(journal)}
    _keep(journal, known | {act: when(journal) for act in acts})


def time_came(journal: Journal) -> bool:
    """Tell whether something was left to another desk for long enough, and this one could act."""
    able = journal.keychain.control() is not None
    return able and any(passed(journal, one.until) for one in _awaited(journal))


def when(journal: Journal) -> int:
    """Return until when this desk waits that begins to wait now."""
    return journal.clock.now() + WAIT + by_chance(journal, SPREAD)


def passed(journal: Journal, until: int) -> bool:
    """Tell whether what was left to another desk until then was left for long enough."""
    return came(journal.clock.now(), until, WAIT + SPREAD)


def _awaited(journal: Journal) -> tuple[Awaited, ...]:
    return journal.store.setting("awaited", _AWAITED) or ()


def _keep(journal: Journal, waits: dict[Followed, int]) -> None:
    kept = tuple(Awaited(act, until) for act, until in waits.items())
    journal.store.put_setting("awaited", kept)
