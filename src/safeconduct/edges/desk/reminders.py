# SPDX-License-Identifier: AGPL-3.0-or-later
"""The calendar for a colleague's telephone: days on which something falls due, and nothing else.

A file on request and no address to subscribe to: that would take a server which learns when it is
asked, and one on this computer no telephone reaches (docs/adr/0063).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from safeconduct.kernel.canon import Codec
from safeconduct.kernel.words import DeviceId, Instant
from safeconduct.rooms.cases.days import last_day
from safeconduct.rooms.cases.relocation import due_days
from safeconduct.rooms.cases.reminders import SEED_BYTES, reminder_days, write_calendar

if TYPE_CHECKING:
    from safeconduct.edges.desk.across import Across
    from safeconduct.edges.desk.engine.journal import Journal
    from safeconduct.edges.desk.plans import Plans
    from safeconduct.edges.desk.relocations import Relocations
    from safeconduct.edges.desk.risks import Risks

NAME: Final = "calendar_seed"
LOOKED_MOST: Final = 1_000
"""Conversations that somebody holds, of which the next contact is looked at."""
_SEED: Final[Codec[bytes]] = Codec(bytes, NAME)


class Reminders:
    """The calendar, over an open journal."""

    def __init__(
        self,
        journal: Journal,
        plans: Plans,
        across: Across,
        risks: Risks,
        relocations: Relocations,
    ) -> None:
        """Act for the device of this journal, over what has a day in its cases."""
        self._journal: Final = journal
        self._plans: Final = plans
        self._across: Final = across
        self._risks: Final = risks
        self._relocations: Final = relocations

    def calendar(self, own: Collection[DeviceId], today: date, said: str) -> bytes:
        """Return the file for the person of these devices; each entry says `said`."""
        due = [*self._due(own)]
        with self._journal.store.lock:
            seed = self._seed()
        return write_calendar(reminder_days(due, seed, today), seed, said)

    def _seed(self) -> bytes:
        """Return the secret that makes ids and draws days, the same from the first time on."""
        store = self._journal.store
        seed = store.setting(NAME, _SEED)
        if seed is None:
            seed = self._journal.rng.bytes(SEED_BYTES)
            store.put_setting(NAME, seed)
        return seed

    def _due(self, own: Collection[DeviceId]) -> Iterator[date]:
        lists = self._journal.lists
        for held in self._plans.tasks():
            if held.task.due and held.task.owned_by(own):
                yield last_day(held.task.due)
        for _, paper in self._across.papers():
            yield paper.last
        for held_here in self._relocations.all():
            yield from due_days(held_here.of)
        for weighed in self._risks.across.all().values():
            for person in weighed.risk.people if weighed else ():
                yield from (_day(one.due) for one in person.standing)
        for device in own:
            rows, _ = lists.page("mine", device, start=0, most=LOOKED_MOST)
            yield from (_day(row.place.due) for row in rows if row.place.due is not None)


def _day(at: Instant) -> date:
    return datetime.fromtimestamp(at / 1000, UTC).date()
