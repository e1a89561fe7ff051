# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much there is to do, counted from the rows of lists at the moment it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Final

from safeconduct.edges.desk.engine.journal import Journal
from safeconduct.edges.desk.overview_api import AGES, Load, Overview
from safeconduct.kernel.words import DAY, DeviceId, Instant
from safeconduct.rooms.hotline.queue import State
from safeconduct.rooms.hotline.triage import Danger

WEEK: Final = 7 * DAY
_OPEN: Final = "(c.due IS NOT NULL OR c.waiting_since IS NOT NULL)"
_LOADS: Final = (
    "SELECT h.device, count(*), sum(c.waiting_since IS NOT NULL), "  # noqa: S608
    f"sum(c.danger >= {Danger.IN_DANGER.value}) "
    "FROM (SELECT DISTINCT conversation, device FROM holders) h "
    f"JOIN conversations c ON c.id = h.conversation WHERE {_OPEN} GROUP BY h.device"
)
_AGE: Final = (
    "SELECT count(*) FROM conversations WHERE waiting_since IS NOT NULL "
    "AND waiting_since > ? AND waiting_since <= ?"
)
_STATE: Final = "SELECT count(*) FROM conversations WHERE due IS NULL AND state = ?"
_LOST_SAID: Final = (
    "SELECT count(*) FROM conversations WHERE due IS NOT NULL AND "  # noqa: S608
    f"state = '{State.LOST_SAID.value}'"
)
_CLOSED_SINCE: Final = (
    "SELECT count(*) FROM conversations c "  # noqa: S608
    f"WHERE c.due IS NULL AND c.state = '{State.CLOSED.value}' "
    'AND EXISTS (SELECT 1 FROM entries e JOIN commits k ON k.no = e."commit" '
    "WHERE e.conversation = c.id AND e.kind = 'hotline.ConversationClosed' AND k.hlc >= ?)"
)


class Overviews:
    """Counts at one desk."""

    def __init__(self, journal: Journal, looks: Callable[[], int]) -> None:
        """Count this journal's rows; `looks` counts the second looks that wait."""
        self._journal: Final = journal
        self._looks: Final = looks

    def loads(self) -> Mapping[DeviceId, Load]:
        """Return what each device holds."""
        rows = self._journal.store.rows(_LOADS)
        return {DeviceId(device): Load(*counts) for device, *counts in rows}

    def overview(self) -> Overview:
        """Return how much there is to do in the whole office."""
        store, now = self._journal.store, self._journal.clock.now()
        return Overview(
            nobody=self._total("nobody"),
            overdue=self._total("overdue"),
            silent=self._total("silent"),
            lost_said=int(store.value(_LOST_SAID)),
            lost=int(store.value(_STATE, (State.LOST.value,))),
            snoozed=self._total("snoozed"),
            looks=self._looks(),
            closed_this_week=int(store.value(_CLOSED_SINCE, ((now - WEEK) << 16,))),
            ages=self._ages(now),
            loads=self.loads(),
        )

    def _total(self, show: str) -> int:
        journal = self._journal
        return journal.lists.page(show, journal.device, start=0, most=0)[1]

    def _ages(self, now: Instant) -> tuple[int, ...]:
        bounds = [1 << 62, *(now - age for age in AGES), -1]
        spans = [(low, high) for high, low in pairwise(bounds)]
        return tuple(int(self._journal.store.value(_AGE, span)) for span in spans)
