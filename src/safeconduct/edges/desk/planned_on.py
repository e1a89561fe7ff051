# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is planned on at a desk, and what holds an approval to it: one way for plan and plan again.

Beside the sheets these are the day, whom slips told of whom, and what two people chose between
parties; neither search may know less of it than the other (spec/planning.md 6, 7 and 9).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from safeconduct.edges.desk.planning_api import ChoiceNeeded
from safeconduct.rooms.passage.between import put_before
from safeconduct.rooms.passage.gathering.ground import Settings, day_of, settings_at
from safeconduct.rooms.passage.gathering.proposed import need_learnt, need_unchanged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from safeconduct.edges.desk.planning_api import Asked, Books
    from safeconduct.kernel.words import Instant
    from safeconduct.rooms.passage.fold import Network, Sheet
    from safeconduct.rooms.passage.gathering.proposed import Basis


def settings_for(ways: Books, asked: Asked, local: str, now: Instant) -> Settings:
    """Return what is planned on beside the sheets, from a local time on, `2026-11-30T21:40`."""
    return replace(
        settings_at(local, now, asked.days, asked.ceiling, asked.rates),
        anew=asked.anew,
        learnt=ways.learnt(),
        before=put_before(ways.network(), ways.are_apart),
    )


def need_as_planned(
    ways: Books, network: Network, planned: tuple[str, Basis, Settings], local: str
) -> None:
    """Hold an approval to what was planned on: the day it was, what stood, and the settings.

    Raises:
        PlannedOnChanged: something stands otherwise, somebody was told by a slip since, or another
            day has begun.
    """
    then, before, settings = planned
    need_unchanged(before, network, then=then, today=day_of(local))
    need_learnt(settings.learnt, ways.learnt())


def need_choices(
    ways: Books,
    network: Network,
    parties: Sequence[Sheet],
    expenses: Iterable[tuple[int, int]],
    rows: Collection[int],
) -> None:
    """Hold an approval of these rows to what two people chose, where somebody goes for another.

    Raises:
        ChoiceNeeded: with one pair for each party at whose expense somebody would go.
    """
    chosen = set(put_before(network, ways.are_apart))
    instead: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for moved, missed in expenses:
        if moved in rows:
            instead[parties[missed].id].append(parties[moved].id)
    needed = tuple(
        (some[0], missed)
        for missed, some in instead.items()
        if chosen.isdisjoint((moved, missed) for moved in some)
    )
    if needed:
        raise ChoiceNeeded(needed)


__all__ = ["need_as_planned", "need_choices", "settings_for"]
